import { describe, expect, onTestFinished, test } from "vitest";
import { type ClientOptions, newClient } from "../../src/api/client.ts";
import { type Caps, capsOf, front, newRateLimiter } from "../../src/api/rate-limiter.ts";
import { newBudget, WaitTooLong } from "../../src/api/retry.ts";
import { organization } from "../../src/definitions/organization.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { mayHaveActed } from "../../src/errors.ts";
import { type Answer, startServer } from "../support/server.ts";
import { simulatedTime } from "../support/simulated-time.ts";

const minute = 60_000;

/** An API that creates, and lets `perMinute` requests through in each minute of the simulated clock's. */
async function limitedApi(time: ReturnType<typeof simulatedTime>, perMinute: number, retryAfter: boolean) {
  const refusedAt: number[] = [];
  let created = 0;
  let window = 0;
  let used = 0;
  const server = await startServer(({ path }): Answer | undefined => {
    const current = Math.floor(time.now() / minute);
    if (current !== window) used = 0;
    window = current;
    if (++used > perMinute) {
      refusedAt.push(time.now());
      const seconds = Math.ceil(((current + 1) * minute - time.now()) / 1000);
      return tooMany(retryAfter ? String(seconds) : undefined);
    }
    if (path === "/oauth/token") return undefined;
    return created_(`org_${++created}`);
  });
  return { server, refusedAt, created: () => created };
}

const tooMany = (retryAfter?: string): Answer => ({
  status: 429,
  json: { code: 8, message: "rate limit exceeded", details: [{ error_code: "RATE_LIMITED" }] },
  ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
});

const created_ = (id: string): Answer => ({ status: 201, json: { organization: { id, display_name: "Megasoft" } } });

function organizationsOf(url: string, time: ReturnType<typeof simulatedTime>, options: Partial<ClientOptions> = {}) {
  const { clock, dispatcher } = time;
  const client = newClient({
    environmentUrl: url,
    clientId: "id",
    clientSecret: "s3cret",
    clock,
    dispatcher,
    ...options,
  });
  onTestFinished(() => client.close());
  return client.of(organization);
}

const thousand = Array.from({ length: 1000 }, (_, index) => `Megasoft ${index}`);

describe("a thousand organizations through sixty requests a minute", () => {
  test("all arrive, and none is refused, where the cap is known", async () => {
    const time = simulatedTime();
    const api = await limitedApi(time, 60, true);
    const organizations = organizationsOf(api.server.url, time, { maxRequestsPerMinute: 60 });
    const began = time.now();
    const made = await Promise.all(thousand.map((displayName) => organizations.create(undefined, { displayName })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
    expect(api.created()).toBe(1000);
    expect(api.refusedAt).toEqual([]);
    expect(api.server.asked).toHaveLength(1000 + 1);
    // 1001 requests are 17 minutes' worth, and the last of those has begun when the last request is answered.
    expect((time.now() - began) / minute).toBeLessThan(17);
  });

  test("all arrive at the emulator, whose limit knows nothing of this file's", async () => {
    const time = simulatedTime();
    const rateLimit = { perMinute: 60, retryAfter: true };
    const emulator = await startEmulator({ now: time.now, semantics: { rateLimit } });
    onTestFinished(() => emulator.close());
    const organizations = organizationsOf(emulator.url, time, { ...emulator.credentials, maxRequestsPerMinute: 60 });
    await Promise.all(thousand.map((displayName) => organizations.create(undefined, { displayName })));
    expect(emulator.organizations()).toHaveLength(1000);
    expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(emulator.requests).toHaveLength(1000 + 1);
  });

  test.each([
    ["with Retry-After, no more than were under way are refused in a minute", true, 10],
    // The shortest pauses by chance are 0.25, 0.5, 1, 2, 4, 8 s and then 10 s each: no more than ten fit in a minute.
    ["without it, that many and the probes of a growing pause", false, 10 + 10],
  ])("all arrive where it is not known: %s", async (_, retryAfter, mostRefused) => {
    const time = simulatedTime();
    const api = await limitedApi(time, 60, retryAfter);
    const organizations = organizationsOf(api.server.url, time, { operationTimeout: 600_000 });
    const made = await Promise.all(thousand.map((displayName) => organizations.create(undefined, { displayName })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
    expect(api.created()).toBe(1000);
    const perMinute = Map.groupBy(api.refusedAt, (at) => Math.floor(at / minute));
    expect(perMinute.size).toBeGreaterThan(10);
    expect(Math.max(...[...perMinute.values()].map((refused) => refused.length))).toBeLessThanOrEqual(mostRefused);
  });
});

describe("the caps", () => {
  /** Runs requests of random length through a rateLimiter, and gives when each began, ended and was counted by the server. */
  async function traffic(caps: Caps, count: number) {
    const { clock } = simulatedTime();
    const rateLimiter = newRateLimiter(caps, clock);
    const requests: { sent: number; counted: number; answered: number }[] = [];
    await Promise.all(
      Array.from({ length: count }, async () => {
        const permit = await rateLimiter.admit(rateLimiter.takePlace(), newBudget(300_000, clock));
        const sent = clock.now();
        const latency = Math.random() ** 4 * 30_000;
        const arrival = Math.random() * latency;
        await clock.sleep(arrival);
        const counted = clock.now();
        await clock.sleep(latency - arrival);
        requests.push({ sent, counted, answered: clock.now() });
        if (Math.random() < 0.1) permit.failed();
        else permit.answered(200, undefined);
      }),
    );
    return requests;
  }

  test("never let more through in any minute of the server's, whatever the latency", async () => {
    const requests = await traffic({ maxConcurrentRequests: 25, maxRequestsPerMinute: 40 }, 600);
    const counted = requests.map((request) => request.counted).sort((a, b) => a - b);
    expect(counted).toHaveLength(600);
    for (const from of counted) {
      expect(counted.filter((at) => at >= from && at < from + minute).length).toBeLessThanOrEqual(40);
    }
  });

  test("never have more under way at once", async () => {
    const requests = await traffic({ maxConcurrentRequests: 7, maxRequestsPerMinute: 10_000 }, 300);
    for (const { sent } of requests) {
      expect(requests.filter((other) => other.sent <= sent && other.answered > sent).length).toBeLessThanOrEqual(7);
    }
  });

  test("do not keep a program from ending: no timer runs when nobody waits", async () => {
    const { clock, slept } = simulatedTime();
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 1, maxRequestsPerMinute: 1 }, clock);
    (await rateLimiter.admit(1, newBudget(1000, clock))).answered(200, undefined);
    expect(slept).toEqual([]);
  });

  test("get their permit back from a request that got no answer", async () => {
    const { clock } = simulatedTime();
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 1, maxRequestsPerMinute: 100 }, clock);
    for (let round = 0; round < 3; round++) (await rateLimiter.admit(1, newBudget(1000, clock))).failed();
    const time = simulatedTime();
    let cut = 3;
    const server = await startServer(({ path }) =>
      path === "/oauth/token" ? undefined : cut-- > 0 ? (response) => response.socket?.destroy() : created_("org_1"),
    );
    const organizations = organizationsOf(server.url, time, { maxConcurrentRequests: 1 });
    expect(await organizations.get("org_1")).toMatchObject({ id: "org_1" });
  });

  test("take no account of a permit that was not used", async () => {
    const { clock, slept } = simulatedTime();
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 1, maxRequestsPerMinute: 1 }, clock);
    for (let round = 0; round < 3; round++) (await rateLimiter.admit(1, newBudget(1000, clock))).unused();
    expect(slept).toEqual([]);
  });

  test("serve who came first, a request that is sent again in its old place, and a token before all", async () => {
    const { clock } = simulatedTime();
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 1, maxRequestsPerMinute: 100 }, clock);
    const served: number[] = [];
    const first = await rateLimiter.admit(1, newBudget(1000, clock));
    const others = [5, 3, 4, front, 2, 3.5].map(async (place) => {
      const permit = await rateLimiter.admit(place, newBudget(1000, clock));
      served.push(place);
      permit.answered(200, undefined);
    });
    first.answered(200, undefined);
    await Promise.all(others);
    expect(served).toEqual([front, 2, 3, 3.5, 4, 5]);
    expect(rateLimiter.takePlace()).toBeLessThan(rateLimiter.takePlace());
  });

  test("do not send a request whose time was over before its turn came", async () => {
    const { clock } = simulatedTime();
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 1, maxRequestsPerMinute: 100 }, clock);
    const slow = await rateLimiter.admit(1, newBudget(300_000, clock));
    const budget = newBudget(1000, clock);
    budget.start();
    const refused = expect(rateLimiter.admit(2, budget)).rejects.toThrow(WaitTooLong);
    const unhurried = rateLimiter.admit(3, newBudget(1000, clock));
    await clock.sleep(2000);
    slow.answered(200, undefined);
    await refused;
    // One that has not been sent before has all of its time left.
    await unhurried;
  });

  test("hold for one client across all that it does, its tokens included", async () => {
    const time = simulatedTime();
    let underWay = 0;
    let most = 0;
    const server = await startServer(async ({ path, method }) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay--;
      if (path === "/oauth/token") return undefined;
      return method === "POST" ? created_("org_1") : { json: { organization: { id: "org_1", display_name: "M" } } };
    });
    const organizations = organizationsOf(server.url, time, { maxConcurrentRequests: 3, maxRequestsPerMinute: 20 });
    const began = time.now();
    await Promise.all(
      Array.from({ length: 15 }, () => [
        organizations.create(undefined, { displayName: "M" }),
        organizations.get("org_1"),
      ]).flat(),
    );
    expect(most).toBe(3);
    // 31 requests are more than one minute's worth.
    expect(time.now() - began).toBeGreaterThanOrEqual(minute);
    expect(server.asked).toHaveLength(31);
  });
});

describe("a 429", () => {
  /** Answers the API's calls by `script`, then with success; and tells when each call came. */
  async function begin(script: Answer[], options: Parameters<typeof organizationsOf>[2] = {}) {
    const time = simulatedTime({ random: () => 1 });
    const at: number[] = [];
    const start = time.now();
    const server = await startServer(({ path }) => {
      if (path === "/oauth/token") return undefined;
      at.push(time.now() - start);
      return script.shift() ?? created_(`org_${at.length}`);
    });
    const organizations = organizationsOf(server.url, time, options);
    const create = () => organizations.create(undefined, { displayName: "Megasoft" });
    return { create, at, server, time };
  }

  test("pauses everyone for as long as was asked, then one goes first", async () => {
    const { create, at } = await begin([tooMany("30")], { maxConcurrentRequests: 1 });
    await Promise.all([create(), create(), create()]);
    expect(at).toEqual([0, 30_500, 30_500, 30_500]);
  });

  test("pauses until the date that was asked for", async () => {
    const time = new Date(Date.UTC(2026, 0, 1) + 90_000).toUTCString();
    const { create, at } = await begin([tooMany(time)]);
    await create();
    expect(at).toEqual([0, 90_500]);
  });

  test("is met by one probe after the other, each pause longer than the last, not by all at once", async () => {
    const { create, at } = await begin(Array.from({ length: 10 + 3 }, () => tooMany()));
    await Promise.all(Array.from({ length: 30 }, create));
    // Ten were under way; then one after 0.5, 1, 2 and 4 s more, the last of them with success; then all others.
    expect(at.slice(0, 10)).toEqual(Array(10).fill(0));
    expect(at.slice(10, 14)).toEqual([500, 1500, 3500, 7500]);
    expect(at).toHaveLength(30 + 13);
  });

  test("is not forgotten over an answer to what was sent before it", async () => {
    const { clock } = simulatedTime({ random: () => 1 });
    const rateLimiter = newRateLimiter({ maxConcurrentRequests: 10, maxRequestsPerMinute: 100 }, clock);
    const admit = (place: number) => rateLimiter.admit(place, newBudget(300_000, clock));
    const [refused, served] = await Promise.all([admit(1), admit(2)]);
    refused.answered(429, "10");
    served.answered(200, undefined);
    let through = 0;
    const others = [3, 4, 5].map(async (place) => {
      const permit = await admit(place);
      through++;
      return permit;
    });
    await clock.sleep(60_000);
    expect(through).toBe(1);
    (await others[0])?.answered(200, undefined);
    await Promise.all(others);
  });

  test("begins with a short pause again once something got through", async () => {
    const { create, at } = await begin([tooMany(), tooMany(), created_("org_1"), tooMany()]);
    await create();
    await create();
    expect(at).toEqual([0, 500, 1500, 1500, 2000]);
  });

  test("does not wait for a turn that comes after its time is over", async () => {
    // The token has the first minute's only permit, and the next one but one comes thirty seconds too late.
    const { create, at, time } = await begin([tooMany()], { maxRequestsPerMinute: 1, operationTimeout: 30_000 });
    const began = time.now();
    await expect(create()).rejects.toThrow(/answered 429.*Gave up after [01] s and 1 attempt: one operation/);
    expect(at).toEqual([minute]);
    expect(time.now() - began).toBeLessThan(minute + 2000);
  });

  test("is followed by another probe where the first gets no answer", async () => {
    const { create, at } = await begin([tooMany("10"), (response) => response.socket?.destroy()], {
      maxConcurrentRequests: 2,
    });
    const ends = await Promise.allSettled([create(), create(), create()]);
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(at.length).toBe(4);
  });

  test.each(["", "-5", "NaN", "soon", "1e3", "Infinity"])("that asks to wait %j asks for nothing", async (value) => {
    const { create, at } = await begin([tooMany(value)]);
    await create();
    expect(at).toEqual([0, 500]);
  });

  test.each([
    ["1000000000000", "1000000000000 s"],
    ["3600", "3600 s"],
    ["Tue, 01 Jan 2036 00:00:00 GMT", "315532800 s"],
  ])("that asks to wait longer than there is time (%s) ends at once, for all who wait", async (value, asked) => {
    const { create, at, time } = await begin([tooMany(value)], { maxConcurrentRequests: 1 });
    const began = time.now();
    const [first, second] = await Promise.allSettled([create(), create()]);
    expect(time.now()).toBe(began);
    expect(at).toHaveLength(1);
    expect((first as PromiseRejectedResult).reason).toMatchObject({ status: 429 });
    expect((first as PromiseRejectedResult).reason.message).toContain(
      `Gave up after 0 s and 1 attempt because Scalekit asked to wait ${asked}: one operation may take 300 s; raise scalekit:operationTimeout`,
    );
    const { message } = (second as PromiseRejectedResult).reason;
    expect(message).toContain(`Scalekit asked to wait ${asked}, which is longer than the 300 s`);
    expect(message).toContain("did not act");
    expect(mayHaveActed((second as PromiseRejectedResult).reason)).toBe(false);
  });

  test("that asks for longer than is left, though not than there was, ends at once too", async () => {
    const { create, time } = await begin([tooMany("200"), tooMany("200")]);
    const began = time.now();
    await expect(create()).rejects.toThrow(
      /Gave up after 201 s and 2 attempts because Scalekit asked to wait 200 s: one operation may take 300 s/,
    );
    expect(time.now() - began).toBe(200_500);
  });

  test("without end is given up when time is over, however often it was tried", async () => {
    const { create, time, at } = await begin(Array.from({ length: 100 }, () => tooMany()));
    const began = time.now();
    await expect(create()).rejects.toThrow(/answered 429 RATE_LIMITED.*Gave up after \d+ s and \d+ attempts: one/);
    expect(time.now() - began).toBeLessThanOrEqual(300_000);
    expect(time.now() - began).toBeGreaterThan(270_000);
    expect(at.length).toBeLessThan(25);
  });

  test("of one who waited long for a turn counts from that turn on", async () => {
    // The second has waited a minute for the cap; its own 300 s begin then.
    const { create, at } = await begin([created_("org_1"), tooMany("290")], { maxRequestsPerMinute: 2 });
    await Promise.all([create(), create()]);
    expect(at).toEqual([0, minute, minute + 290_500]);
  });

  test("to the token endpoint holds for everyone as well", async () => {
    const time = simulatedTime({ random: () => 1 });
    let refusals = 1;
    const server = await startServer(({ path }) =>
      path !== "/oauth/token" ? created_("org_1") : refusals-- > 0 ? tooMany("20") : undefined,
    );
    const organizations = organizationsOf(server.url, time);
    const began = time.now();
    await Promise.all([
      organizations.create(undefined, { displayName: "A" }),
      organizations.create(undefined, { displayName: "B" }),
    ]);
    expect(time.now() - began).toBe(20_500);
    expect(server.asked.filter(({ path }) => path === "/oauth/token")).toHaveLength(2);
  });
});

test("a token that ends while requests stand in line is renewed once, not refused to each", async () => {
  const time = simulatedTime();
  let given = 0;
  let until = 0;
  let refused = 0;
  const server = await startServer(({ path, headers }) => {
    if (path === "/oauth/token") {
      until = time.now() + 300_000;
      return { json: { access_token: `token-${++given}`, expires_in: 300 } };
    }
    if (headers.authorization === `Bearer token-${given}` && time.now() < until) return created_("org_1");
    refused++;
    return { status: 401 };
  });
  const organizations = organizationsOf(server.url, time, { maxRequestsPerMinute: 30 });
  await Promise.all(thousand.slice(0, 300).map((displayName) => organizations.create(undefined, { displayName })));
  // Ten minutes, a token for each four of them.
  expect(refused).toBe(0);
  expect(given).toBe(3);
  expect(server.asked).toHaveLength(300 + given);
});

test.each([
  [{}, 10, 600],
  [{ maxRequestsPerMinute: 60 }, 10, 60],
  [{ maxRequestsPerMinute: 6000 }, 50, 6000],
  [{ maxRequestsPerMinute: 1_000_000 }, 100, 1_000_000],
  [{ maxRequestsPerMinute: 6000, maxConcurrentRequests: 3 }, 3, 6000],
])(
  "the caps %j let %i requests be under way, and %i be sent in a minute",
  (given, maxConcurrentRequests, maxRequestsPerMinute) => {
    expect(capsOf(given)).toEqual({ maxConcurrentRequests, maxRequestsPerMinute });
  },
);
