import { describe, expect, test } from "vitest";
import type { FaultOptions } from "../../src/emulator/index.ts";
import { begin, send } from "../support/plain-client.ts";

type Effect = FaultOptions["effect"];

/** An emulator whose next POST goes wrong in a way, and a POST that meets it. */
async function withFault(effect: Effect) {
  const session = await begin();
  session.emulator.fail({ method: "POST", effect });
  const post = () => session.call("POST", "/organizations", { display_name: "X" });
  return { ...session, post, made: () => session.emulator.organizations().length };
}

describe("status", () => {
  test.each([
    ["before", 0],
    ["after", 1],
  ] as const)("%s the work: %i organizations are made", async (when, made) => {
    const story = await withFault({ kind: "status", status: 502, message: "bad day", code: "PROXY", when });
    const answer = await story.post();
    expect(answer).toMatchObject({ status: 502, body: { message: "bad day", details: [{ error_code: "PROXY" }] } });
    expect(answer.body.details[0].request_info.request_id).toBe(answer.headers.get("x-request-id"));
    expect(story.made()).toBe(made);
    expect(story.log()).toEqual([{ method: "POST", path: "/api/v1/organizations", status: 502 }]);
    expect(await story.post()).toMatchObject({ status: 201 });
  });

  test("nothing is done by default, and Retry-After says what the fault gives", async () => {
    for (const retryAfter of [0, 7, "Wed, 21 Oct 2026 07:28:00 GMT", "soon"]) {
      const story = await withFault({ kind: "status", status: 429, retryAfter });
      expect((await story.post()).headers.get("retry-after")).toBe(String(retryAfter));
      expect(story.made()).toBe(0);
    }
    const silent = await withFault({ kind: "status", status: 429 });
    expect((await silent.post()).headers.has("retry-after")).toBe(false);
  });
});

test.each([
  ["before", 0],
  ["after", 1],
] as const)("cut %s the work: no answer, %i organizations, and the request is logged", async (when, made) => {
  const story = await withFault({ kind: "cut", when });
  await expect(story.post()).rejects.toThrow("fetch failed");
  expect(story.made()).toBe(made);
  expect(story.log()).toEqual([{ method: "POST", path: "/api/v1/organizations", status: 0 }]);
});

describe("delay", () => {
  /** A POST that is never answered in a test's time, to be given up. */
  async function endless(when: "before" | "after", milliseconds: number) {
    const story = await withFault({ kind: "delay", milliseconds, when });
    const giveUp = new AbortController();
    const answer = fetch(`${story.emulator.url}/api/v1/organizations`, {
      method: "POST",
      headers: { authorization: story.authorization },
      body: '{"display_name":"X"}',
      signal: giveUp.signal,
    });
    const met = () => send(`${story.emulator.url}/_emulator/faults`).then(({ body }) => body.length === 0);
    await expect.poll(met, { interval: 5 }).toBe(true);
    return { ...story, answer, giveUp: () => giveUp.abort(new Error("given up")) };
  }

  test.each(["before", "after"] as const)("%s the work: the answer is late, and right", async (when) => {
    const story = await withFault({ kind: "delay", milliseconds: 30, when });
    const began = performance.now();
    expect(await story.post()).toMatchObject({ status: 201 });
    expect(performance.now() - began).toBeGreaterThan(28);
    expect(story.made()).toBe(1);
  });

  test("before the work: it is not done yet", async () => {
    const story = await endless("before", 60_000);
    expect(story.made()).toBe(0);
    story.giveUp();
    await expect(story.answer).rejects.toThrow("given up");
  });

  test("after the work: it is done already, and a client that gives up is in the log all the same", async () => {
    const story = await endless("after", 2_000);
    await expect.poll(story.made, { interval: 5 }).toBe(1);
    expect(story.log()).toEqual([]);
    story.giveUp();
    await expect(story.answer).rejects.toThrow("given up");
    await expect.poll(story.log).toEqual([{ method: "POST", path: "/api/v1/organizations", status: 201 }]);
  });
});

test.each([undefined, 301, 307, 308] as const)("redirect with status %s: nothing is done", async (status) => {
  const story = await withFault({ kind: "redirect", location: "https://example.com/login", ...(status && { status }) });
  const answer = await story.post();
  expect(answer.status).toBe(status ?? 302);
  expect(answer.headers.get("location")).toBe("https://example.com/login");
  expect(story.made()).toBe(0);
});

test("garbage: the work is done, and something else comes back", async () => {
  const html = await withFault({ kind: "garbage" });
  expect(await html.post()).toMatchObject({ status: 200, body: "<html>oops</html>" });
  expect(html.made()).toBe(1);
  const story = await withFault({ kind: "garbage", status: 201, body: '{"organization":null}' });
  expect(await story.post()).toMatchObject({ status: 201, body: { organization: null } });
  const nothing = await withFault({ kind: "garbage", status: 204 });
  expect(await nothing.post()).toMatchObject({ status: 204, body: "" });
});

describe("truncated", () => {
  test("a body that ends early but looks whole", async () => {
    const story = await withFault({ kind: "truncated" });
    const { status, headers, body } = await story.post();
    expect(status).toBe(201);
    expect(body).toMatch(/^\{"organization":\{/);
    expect(headers.get("content-type")).toContain("application/json");
    expect(headers.get("content-length")).toBe(String(body.length));
    expect(story.made()).toBe(1);
    expect(story.log()).toMatchObject([{ status: 201 }]);
  });

  test("a connection that ends before the body does", async () => {
    const story = await withFault({ kind: "truncated", ends: "connection" });
    const { emulator, authorization } = story;
    const response = await fetch(`${emulator.url}/api/v1/organizations`, {
      method: "POST",
      headers: { authorization },
      body: '{"display_name":"X"}',
    });
    expect(response.status).toBe(201);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(200);
    await expect(response.text()).rejects.toThrow("terminated");
    expect(story.made()).toBe(1);
    expect(story.log()).toMatchObject([{ status: 0 }]);
    expect(await story.post()).toMatchObject({ status: 201 });
  });
});

test("huge: the true answer, as long as the fault says", async () => {
  const { emulator, authorization, made } = await withFault({ kind: "huge", bytes: 3_000_000 });
  const response = await fetch(`${emulator.url}/api/v1/organizations`, {
    method: "POST",
    headers: { authorization },
    body: '{"display_name":"X"}',
  });
  const text = await response.text();
  expect(text).toHaveLength(3_000_000);
  expect(JSON.parse(text)).toMatchObject({ organization: { display_name: "X" } });
  expect(made()).toBe(1);
});

test("wrongBody: success, about another organization", async () => {
  const { emulator, call, create } = await begin();
  const { id } = await create({ display_name: "X" });
  emulator.fail({ count: 2, effect: { kind: "wrongBody" } });
  const one = await call("GET", `/organizations/${id}`);
  expect(one).toMatchObject({
    status: 200,
    body: { organization: { id: "org_100000000000000001", display_name: "X" } },
  });
  const list = await call("GET", "/organizations");
  expect(list.body.organizations).toMatchObject([{ id: "org_100000000000000001" }]);
  expect((await call("GET", `/organizations/${id}`)).body.organization.id).toBe(id);
});

test("expiredToken: every token so far is refused, and a new one taken", async () => {
  const { emulator, call } = await begin();
  emulator.fail({ effect: { kind: "expiredToken" } });
  expect((await call("GET", "/organizations")).status).toBe(401);
  expect((await call("GET", "/organizations")).status).toBe(401);
  const form = { grant_type: "client_credentials", client_id: "emulator", client_secret: "emulator-secret" };
  const { body } = await send(`${emulator.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
  const headers = { authorization: `Bearer ${body.access_token}` };
  expect(await send(`${emulator.url}/api/v1/organizations`, { headers })).toMatchObject({ status: 200 });
});

describe("which requests", () => {
  const effect: Effect = { kind: "status", status: 503 };

  test("skips some, hits some, and is over", async () => {
    const { emulator, call } = await begin();
    emulator.fail({ skip: 1, count: 2, effect });
    const statuses = [];
    for (let index = 0; index < 5; index++) statuses.push((await call("GET", "/organizations")).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
  });

  test("only those of its method, and of its path", async () => {
    const { emulator, call, create } = await begin();
    const [one, two] = [await create({ display_name: "1" }), await create({ display_name: "2" })];
    emulator.fail({ method: "GET", path: `/api/v1/organizations/${one.id}`, effect });
    expect((await call("GET", `/organizations/${two.id}`)).status).toBe(200);
    expect((await call("PATCH", `/organizations/${one.id}`, {})).status).toBe(200);
    expect((await call("GET", `/organizations/${one.id}`)).status).toBe(503);
    emulator.fail({ path: "/oauth/token", effect });
    expect((await call("GET", "/organizations")).status).toBe(200);
    expect((await send(`${emulator.url}/oauth/token`, { method: "POST" })).status).toBe(503);
  });

  test("the first that fits, and one after the other", async () => {
    const { emulator, call } = await begin();
    emulator.fail({ effect: { kind: "status", status: 500 } });
    emulator.fail({ effect: { kind: "status", status: 504 } });
    expect((await call("GET", "/organizations")).status).toBe(500);
    expect((await call("GET", "/organizations")).status).toBe(504);
    expect((await call("GET", "/organizations")).status).toBe(200);
  });
});

test("faults are set, listed and forgotten over HTTP", async () => {
  const { emulator, call, log } = await begin();
  const url = `${emulator.url}/_emulator`;
  const fault = { method: "GET", count: 2, effect: { kind: "status", status: 503 } };
  const headers = { "content-type": "application/json" };
  const set = await send(`${url}/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  expect(set).toMatchObject({ status: 201, body: { ...fault, skip: 0, path: "/api/" } });
  expect((await call("GET", "/organizations")).status).toBe(503);
  expect((await send(`${url}/faults`)).body).toMatchObject([{ count: 1 }]);
  expect((await send(`${url}/requests`)).body).toEqual(emulator.requests);
  expect(log()).toHaveLength(1);
  await call("POST", "/organizations", { display_name: "X" });
  expect((await send(`${url}/organizations`)).body).toMatchObject([{ display_name: "X" }]);
  expect(await send(`${url}/reset`, { method: "POST", headers })).toMatchObject({ status: 200, body: {} });
  expect([emulator.organizations(), emulator.requests, (await send(`${url}/faults`)).body]).toEqual([[], [], []]);
  expect((await call("GET", "/organizations")).status).toBe(200);
});

test("a fault may be written as PowerShell writes text, and has to be UTF-8", async () => {
  const { emulator } = await begin();
  const post = (body: Buffer) =>
    send(`${emulator.url}/_emulator/faults`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const fault = '{"path":"/\u00fc","effect":{"kind":"expiredToken"}}';
  expect(await post(Buffer.from(`\ufeff${fault}`))).toMatchObject({ status: 201, body: { path: "/\u00fc" } });
  for (const wrong of [Buffer.from(fault, "latin1"), Buffer.from(fault, "utf16le"), Buffer.from("nonsense")]) {
    const problems = [{ path: [], message: "the body is not JSON in UTF-8" }];
    expect(await post(wrong)).toMatchObject({ status: 400, body: { problems } });
  }
  expect((await send(`${emulator.url}/_emulator/faults`)).body).toHaveLength(1);
});

test.each(["", "{", '{"effect":{"kind":"nonsense"}}', '{"effect":{"kind":"cut"}}', '{"effekt":{}}'])(
  "a fault that is none is refused: %s",
  async (body) => {
    const { emulator } = await begin();
    const headers = { "content-type": "application/json" };
    const answer = await send(`${emulator.url}/_emulator/faults`, { method: "POST", headers, body });
    expect(answer).toMatchObject({
      status: 400,
      body: { problems: expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]) },
    });
    expect((await send(`${emulator.url}/_emulator/faults`)).body).toEqual([]);
  },
);
