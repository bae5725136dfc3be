import { describe, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, newClient } from "../../src/api/client.ts";
import { newWaiting } from "../../src/api/waiting.ts";
import { organization } from "../../src/definitions/organization.ts";
import { type Answer, type Asked, startServer } from "../support/server.ts";
import { simulatedTime } from "../support/simulated-time.ts";

const limited = (seconds?: number): Answer => ({
  status: 429,
  ...(seconds !== undefined && { headers: { "retry-after": String(seconds) } }),
});
const made: Answer = { status: 201, json: { organization: { id: "org_1", display_name: "Megasoft" } } };

/** A client on a simulated clock, of a server that answers its API requests so; with what it says and traces. */
async function begin(answer: (asked: Asked, time: number) => Answer, options: Partial<ClientOptions> = {}) {
  const time = simulatedTime({ random: () => 0 });
  const began = time.now();
  const server = await startServer((asked) =>
    asked.path === "/oauth/token" ? undefined : answer(asked, time.now() - began),
  );
  const said: string[] = [];
  const traced: string[] = [];
  const { clock, dispatcher } = time;
  const client = newClient({
    environmentUrl: server.url,
    clientId: "id",
    clientSecret: "s3cret",
    clock,
    dispatcher,
    say: (line) => said.push(line),
    trace: (line) => traced.push(line),
    ...options,
  });
  onTestFinished(() => client.close());
  const organizations = client.of(organization);
  return {
    server,
    said,
    traced,
    organizations,
    passed: () => time.now() - began,
    create: (displayName = "Megasoft") => organizations.create(undefined, { displayName }),
  };
}

describe("a wait", () => {
  test("after a 429 is reported in one line for all requests, with how many are in line", async () => {
    const { said, create } = await begin((_, time) => (time < 4000 ? limited(4) : made), { maxConcurrentRequests: 1 });
    await Promise.all(Array.from({ length: 213 }, () => create()));
    expect(said).toEqual(["Scalekit asks to wait 4 s (429); 213 requests are in line."]);
  });

  test("that is short is not reported", async () => {
    const { said, create } = await begin((_, time) => (time < 1000 ? limited(1) : made));
    await create();
    expect(said).toEqual([]);
  });

  test("that comes again and again is reported now and then, as long as the server goes on", async () => {
    const { said, create, passed } = await begin((_, time) => (time < 120_000 ? limited(3) : made));
    await create();
    expect(passed()).toBeGreaterThanOrEqual(120_000);
    expect(said.length).toBeGreaterThan(5);
    expect(said.length).toBeLessThanOrEqual(13);
    expect(new Set(said)).toEqual(new Set(["Scalekit asks to wait 3 s (429); 1 request is in line."]));
  });

  test("that the server names no length for is reported with ours", async () => {
    const { said, create } = await begin((_, time) => (time < 10_000 ? limited() : made));
    await create();
    expect(said).toContainEqual(
      expect.stringMatching(/^Scalekit answered 429: waiting \d+ s; 1 request is in line\.$/),
    );
  });

  test("for this client's own limit names the setting", async () => {
    const { said, create } = await begin(() => made, { maxRequestsPerMinute: 3 });
    await Promise.all([create(), create(), create(), create()]);
    expect(said[0]).toBe(
      "Waiting 60 s for this run's own limit of 3 requests a minute (scalekit:maxRequestsPerMinute).",
    );
  });

  test("for another attempt is reported, with why and which", async () => {
    const busy: Answer = { status: 503, headers: { "retry-after": "30" } };
    let answers = 0;
    const { said, organizations } = await begin(() => (answers++ < 1 ? busy : made));
    await organizations.get("org_1");
    expect(said).toEqual([
      "Scalekit answered 503 when asked to read organization org_1: trying again in 30 s (attempt 2 of 6).",
    ]);
  });

  test("for a network that is gone is reported", async () => {
    const { said, organizations } = await begin(() => (response) => void response.socket?.destroy());
    await organizations.get("org_1").catch(() => {});
    expect(said).toEqual([
      expect.stringMatching(
        /^Could not read organization org_1: the connection to 127\S+ failed \(.*\): trying again in 2 s \(attempt 5 of 6\)\.$/,
      ),
    ]);
  });
});

test("a line that was far too hopeful is followed by another", () => {
  const said: string[] = [];
  let now = 0;
  const tell = newWaiting((line) => said.push(line), { now: () => now });
  const wait = (seconds: number) => tell({ until: now + seconds * 1000, line: () => `${seconds}` });
  wait(4);
  wait(5);
  now = 1000;
  wait(60);
  now = 30_000;
  wait(31);
  expect(said).toEqual(["4", "60"]);
});

describe("a trace", () => {
  test("has a line for each request, with its attempt, and no value", async () => {
    let answers = 0;
    const { traced, organizations, create } = await begin(({ path }) => {
      if (path.includes("external"))
        return { status: 404, json: { code: 5 }, headers: { "x-request-id": "CUST-SECRET-1" } };
      return answers++ < 1 ? limited(4) : { ...made, headers: { "x-request-id": "req_1" } };
    });
    await create("Megasoft Secret");
    await organizations.findByKey({ externalId: "CUST-SECRET-1" }).catch(() => {});
    expect(traced[0]).toMatch(/^POST \/oauth\/token, to get an access token: answered 200 after \d+ ms, attempt 1$/);
    expect(traced[1]).toMatch(
      /^POST \/api\/v1\/organizations, to create the organization: answered 429 after \d+ ms, attempt 1$/,
    );
    expect(traced[2]).toMatch(
      /^POST \/api\/v1\/organizations, to create the organization: answered 201 after \d+ ms, attempt 2, request req_1$/,
    );
    expect(traced.length).toBeGreaterThan(3);
    expect(traced.join("\n")).not.toMatch(/secret/i);
  });

  test("has one for a request that is not answered", async () => {
    const { traced, organizations } = await begin(() => (response) => void response.socket?.destroy());
    await organizations.get("org_1").catch(() => {});
    expect(traced).toHaveLength(7);
    expect(traced[6]).toMatch(
      /^GET \/api\/v1\/organizations\/\{id\}, to read organization org_1: no answer: the connection to 127\S+ failed .*, after \d+ ms, attempt 6$/,
    );
  });
});
