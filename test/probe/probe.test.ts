import { Agent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Clock, systemClock } from "../../src/api/clock.ts";
import { type EmulatorOptions, type FaultOptions, startEmulator } from "../../src/emulator/index.ts";
import { cleanAfter, type ProbeOptions, probe } from "../../src/probe/probe.ts";
import { looksLikeProduction } from "../../src/probe/production.ts";
import { questionsNamed } from "../../src/probe/questions/index.ts";
import { connect, send } from "../support/plain-client.ts";
import { startServer } from "../support/server.ts";
import { simulatedTime } from "../support/simulated-time.ts";

const patient: Clock = { ...systemClock, sleep: async () => {} };
const seed = ["Megasoft", "Initech", "pulumi-scalekit-probe-ffffffff of another run"].map((display_name) => ({
  display_name,
}));
const credentials = { clientId: "skc_of_mine", clientSecret: "s3cret-0f-m1ne-alone" };

async function begin(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ seed, credentials, ...options });
  onTestFinished(() => emulator.close());
  const now = () => JSON.stringify([emulator.organizations(), emulator.all("permissions"), emulator.all("roles")]);
  const before = now();
  const settings = { environmentUrl: emulator.url, ...credentials, maxRequestsPerMinute: 1e6, clock: patient };
  return {
    emulator,
    settings,
    ask: (more: Partial<ProbeOptions> = {}) => probe({ settings, ...more }),
    expectAsBefore: () => expect(now()).toBe(before),
  };
}

/** Little of everything that is made. */
const only = ["externalIdCase", "deleteMissing", "permissionInUse"];

const kindsIn = (answers: readonly { name: string; verdict: { kind: string } }[]) =>
  Object.fromEntries(answers.map(({ name, verdict }) => [name, verdict.kind]));

const effects: FaultOptions["effect"][] = [
  { kind: "cut", when: "before" },
  { kind: "cut", when: "after" },
  { kind: "status", status: 502, when: "after" },
  { kind: "status", status: 403 },
  { kind: "status", status: 429, retryAfter: 1 },
  { kind: "garbage" },
  { kind: "truncated" },
  { kind: "redirect", location: "http://127.0.0.1:1/" },
  { kind: "expiredToken" },
];

test.each(effects)("whatever goes wrong at whichever request, everything is deleted again: %j", async (effect) => {
  const { emulator, ask, expectAsBefore } = await begin();
  await ask({ only });
  const requests = emulator.requests.filter(({ path }) => path.startsWith("/api/")).length;
  expect(requests).toBeGreaterThan(12);
  for (let skip = 0; skip < requests; skip++) {
    emulator.fail({ skip, effect });
    const { left } = await ask({ only });
    expect(left).toEqual([]);
    expectAsBefore();
    emulator.heal();
  }
});

test("however early it is interrupted, everything is deleted again", async () => {
  const { emulator, settings, ask, expectAsBefore } = await begin();
  for (let stop = 1; stop < 11; stop++) {
    const controller = new AbortController();
    let sent = 0;
    const dispatcher = new Agent().compose((dispatch) => (request, handler) => {
      // On its way, and not answered.
      if (++sent === stop) setImmediate(() => controller.abort());
      return dispatch(request, handler);
    });
    emulator.fail({ skip: Math.max(0, stop - 2), effect: { kind: "delay", milliseconds: 20 } });
    const { isInterrupted, left } = await ask({
      only,
      signal: controller.signal,
      settings: { ...settings, clock: systemClock, dispatcher },
    });
    expect([isInterrupted, left]).toEqual([true, []]);
    expectAsBefore();
    emulator.heal();
  }
});

test("a create whose answer never came is found in the list, and deleted", async () => {
  const { emulator, ask, expectAsBefore } = await begin();
  emulator.fail({ method: "POST", path: "/api/v1/organizations", effect: { kind: "cut", when: "after" } });
  const { answers, left } = await ask({ only: ["metadata"] });
  expect(kindsIn(answers)).toEqual({ metadata: "unanswered" });
  expect(left).toEqual([]);
  expectAsBefore();
});

test("what could not be deleted is named, and is deleted later by its prefix, and nothing else is", async () => {
  const { emulator, ask, settings, expectAsBefore } = await begin();
  emulator.fail({ method: "DELETE", count: 99, effect: { kind: "status", status: 400, message: "not now" } });
  const { left, prefix } = await ask({ only: ["metadata", "emptyFields"] });
  expect(left.length).toBeGreaterThanOrEqual(2);
  expect(left[0]).toEqual({ what: expect.stringMatching(/^org_/), why: expect.stringContaining("400") });
  expect(left.at(-1)?.what).toContain("the permission pulumi_scalekit_probe_");
  emulator.heal();
  const organizations = left.filter(({ what }) => what.startsWith("org_")).map(({ what }) => what);
  expect(await cleanAfter(prefix, settings)).toEqual({ removed: organizations.reverse(), left: [] });
  expectAsBefore();
});

test("neither a secret, nor a token, nor anything of others is in what it finds", async () => {
  const { emulator, ask } = await begin();
  const text = JSON.stringify(await ask({ rateLimit: false }));
  const secrets = [credentials.clientSecret, ...emulator.tokens()];
  const others = [...seed.map(({ display_name }) => display_name), ...emulator.organizations().map(({ id }) => id)];
  expect(emulator.tokens().length).toBeGreaterThan(0);
  for (const hidden of [...secrets, ...others, "Bearer", "authorization"]) expect(text).not.toContain(hidden);
  expect(text).toContain("of others]");
  // What it is about is there all the same.
  expect(text).toContain('{"request":{"method":"PATCH","path":"/api/v1/organizations/org_');
  expect(text).toContain('"body":{"metadata":{"alpha":"3"}}');
});

test("what the API client may not do is not answered, and all else is", async () => {
  const { emulator, ask, expectAsBefore } = await begin();
  emulator.fail({
    path: "/api/v1/permissions",
    count: 99,
    effect: { kind: "status", status: 403, message: "no scope" },
  });
  const { answers } = await ask({ only: ["metadata", "emptyFields", "permissionInUse", "domainCase"] });
  expect(kindsIn(answers)).toEqual({
    metadata: "answered",
    emptyFields: "unanswered",
    permissionInUse: "unanswered",
    domainCase: "answered",
  });
  expect(answers.find(({ name }) => name === "emptyFields")?.verdict.says).toBe(
    "a scratch permission was refused with 403 FAULT",
  );
  emulator.heal();
  expectAsBefore();
});

test("with credentials that are refused, nothing is made", async () => {
  const { settings, expectAsBefore, emulator } = await begin();
  const wrong = { ...settings, clientSecret: "wrong" };
  await expect(probe({ settings: wrong })).rejects.toThrow("Check scalekit:clientId");
  expect(emulator.requests.map(({ path }) => path)).toEqual(["/oauth/token"]);
  expectAsBefore();
});

test("where nobody answers any more, it ends, and says what may be left", async () => {
  const { emulator, ask } = await begin();
  emulator.fail({ skip: 12, count: 9999, effect: { kind: "cut", when: "before" } });
  const { answers, left } = await ask();
  expect(answers.map(({ verdict }) => verdict.says).at(-1)).toContain("nobody had answered");
  expect(left.length).toBeGreaterThan(0);
});

describe("what no switch plays", () => {
  /** The emulator, with its answers changed on their way. */
  async function changing(change: (path: string, method: string, status: number) => number) {
    const { emulator } = await begin();
    const { url } = await startServer(async ({ method, path, headers, body }) => {
      const { authorization = "", "content-type": type = "application/json" } = headers;
      const init = { method, headers: { authorization, "content-type": type }, ...(body !== "" && { body }) };
      const answer = await send(emulator.url + path, init);
      return { status: change(path, method, answer.status), json: answer.body };
    });
    return { environmentUrl: url, ...credentials, maxRequestsPerMinute: 1e6, clock: patient };
  }

  test("is reported as such, and is no switch", async () => {
    const settings = await changing((_, __, status) => (status === 409 ? 422 : status));
    const { answers, semantics } = await probe({ settings, only: ["duplicate", "metadata"] });
    expect(kindsIn(answers)).toEqual({ duplicate: "unlike", metadata: "answered" });
    expect(semantics).toEqual({ metadata: "replace" });
    expect(answers[1]?.verdict.says).toBe(
      "A duplicate external ID is answered with 422 ALREADY_EXISTS to POST, and 422 ALREADY_EXISTS to PATCH.",
    );
  });

  test("a 404 of a proxy's is no answer about an organization", async () => {
    const settings = await changing((path, _, status) => (path.includes(":external") ? 501 : status));
    const { answers } = await probe({ settings, only: ["externalIdCase", "encodedSlash"] });
    expect(kindsIn(answers)).toEqual({ externalIdCase: "unanswered", encodedSlash: "unanswered" });
  });
});

test.each([true, false])("the rate limit is found by asking for it, with Retry-After %j", async (retryAfter) => {
  const { clock, dispatcher, now } = simulatedTime();
  const rateLimit = { perMinute: 140, retryAfter };
  await using emulator = await startEmulator({ semantics: { rateLimit }, now });
  const settings = { environmentUrl: emulator.url, ...emulator.credentials, clock, dispatcher };
  const { answers, semantics, left } = await probe({ settings, rateLimit: true, only: ["metadata", "rateLimit"] });
  expect(semantics["rateLimit"], JSON.stringify(answers.at(-1)?.verdict)).toEqual(rateLimit);
  expect(left).toEqual([]);
  expect(emulator.organizations()).toEqual([]);
});

test("without a rate limit, asking for it ends", async () => {
  const { ask } = await begin();
  const { answers } = await ask({ rateLimit: true, only: ["rateLimit"] });
  expect(answers[0]?.verdict).toEqual({ kind: "seen", says: "3000 requests in a row are answered without a 429." });
});

test("a page of one organization's own is enough where there is nobody else's", async () => {
  const { ask } = await begin({ seed: [] });
  const { semantics } = await ask({ only: ["pageSize", "order", "totalSize", "pageToken"] });
  expect(semantics).toEqual({ pageSize: { min: 1 }, order: "newest", totalSize: "all", pageToken: "cursor" });
});

test("a question comes with those that it depends on", () => {
  expect(questionsNamed(["metadataRemoval"]).map(({ name }) => name)).toEqual([
    "metadata",
    "emptyMetadata",
    "metadataRemoval",
  ]);
});

test("it makes nothing whose name its clean-up would not know", async () => {
  const { emulator, ask } = await begin();
  emulator.fail({ method: "DELETE", count: 9999, effect: { kind: "status", status: 400 } });
  const { prefix, organizations } = await ask();
  const made = emulator.organizations().filter(({ display_name }) => display_name.startsWith(`${prefix} `));
  expect(made).toHaveLength(organizations);
  expect(emulator.organizations()).toHaveLength(organizations + seed.length);
  const { call } = await connect(emulator.url, credentials);
  expect((await call("GET", "/organizations?page_size=100")).body.organizations).toHaveLength(
    organizations + seed.length,
  );
});

test.each([
  ["https://acme.scalekit.com", true],
  ["https://acme-dev.scalekit.com", true],
  ["https://auth.acme.com", true],
  ["https://scalekit.dev.acme.com", true],
  ["https://acme.scalekit.dev", false],
  ["https://ACME.scalekit.dev", false],
  ["http://localhost:8080", false],
  ["https://127.0.0.1", false],
  ["http://emulator:8080", false],
])("%s looks like production: %j", (url, expected) => {
  expect(looksLikeProduction(url)).toBe(expected);
});
