import { describe, expect, test } from "vitest";
import {
  type Attempt,
  newBudget,
  type Outcome,
  parseRetryAfter,
  retryDelay,
  withRetries,
} from "../../src/api/retry.ts";

const now = Date.UTC(2026, 6, 1, 12, 0, 0);
const attempt: Attempt = { number: 1, repeatable: true, outcome: { status: 503 }, now, random: 1 };

describe("how long to wait before the next attempt", () => {
  test.each<[string, Partial<Attempt>, number | undefined]>([
    ["half a second first", {}, 500],
    ["twice as long each time", { number: 2 }, 1000],
    ["sixteen times as long in the fifth", { number: 5 }, 8000],
    ["no more after the sixth", { number: 6 }, undefined],
    ["down to half of it by chance", { number: 2, random: 0 }, 500],
    ["after 408", { outcome: { status: 408 } }, 500],
    ["after 500", { outcome: { status: 500 } }, 500],
    ["after 502", { outcome: { status: 502 } }, 500],
    ["after 504", { outcome: { status: 504 } }, 500],
    ["as long as the server asks, and a little more by chance", { outcome: { status: 503, retryAfter: "7" } }, 7500],
    ["not after a 503 of what must not be done twice", { repeatable: false }, undefined],
    ["not after 400", { outcome: { status: 400 } }, undefined],
    ["not after 401", { outcome: { status: 401 } }, undefined],
    ["not after 404", { outcome: { status: 404 } }, undefined],
    ["not after 409", { outcome: { status: 409 } }, undefined],
    ["not after 501", { outcome: { status: 501 } }, undefined],
    ["no time of its own after 429, whose pause is everyone's", { outcome: { status: 429 } }, 0],
    ["the same for what must not be done twice", { outcome: { status: 429 }, repeatable: false }, 0],
    ["and however often it was tried", { outcome: { status: 429 }, number: 99 }, 0],
    ["after a lost answer", { outcome: { mayHaveArrived: true } }, 500],
    ["not after a lost answer to what must not be done twice", { ...lost(true), repeatable: false }, undefined],
    ["after a connection that never stood, even then", { ...lost(false), repeatable: false }, 500],
  ])("%s", (_, changed, delay) => {
    expect(retryDelay({ ...attempt, ...changed })).toBe(delay);
  });

  test("is never more than 20 s by our own choice", () => {
    expect(retryDelay({ ...attempt, number: 5, random: 1 })).toBeLessThanOrEqual(20_000);
  });
});

function lost(mayHaveArrived: boolean): { outcome: Outcome } {
  return { outcome: { mayHaveArrived } };
}

describe("what Retry-After says", () => {
  test.each<[string | undefined, number | undefined]>([
    ["0", 0],
    ["7", 7000],
    [" 7 ", 7000],
    ["1000000000000", 1e15],
    ["Wed, 01 Jul 2026 12:00:30 GMT", 30_000],
    ["Wednesday, 01-Jul-26 12:00:30 GMT", 30_000],
    ["Wed, 01 Jul 2026 11:00:00 GMT", 0],
    ["Tue, 01 Jul 2036 12:00:00 GMT", 3653 * 86_400_000],
    [undefined, undefined],
    ["", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["NaN", undefined],
    ["Infinity", undefined],
    ["0x10", undefined],
    ["1e3", undefined],
    ["soon", undefined],
    ["7 s", undefined],
  ])("%j is %j ms", (value, milliseconds) => {
    expect(parseRetryAfter(value, now)).toBe(milliseconds);
  });
});

/** Runs a script of outcomes, `undefined` for a final one, on a clock that only sleeping moves. */
async function run(script: (Outcome | undefined)[], options: { budget?: number; repeatable?: boolean } = {}) {
  const slept: number[] = [];
  let time = now;
  const clock = {
    now: () => time,
    random: () => 1,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
  const budget = newBudget(options.budget ?? 300_000, clock);
  let calls = 0;
  const { end, effort } = await withRetries(
    async () => {
      budget.start();
      return calls++;
    },
    {
      clock,
      budget,
      repeatable: options.repeatable ?? true,
      judge: (ended) => ("result" in ended ? script[ended.result] : undefined),
    },
  );
  return { end, effort, slept };
}

describe("the loop around it", () => {
  test("does not wait where the first end is final", async () => {
    const { end, effort, slept } = await run([undefined]);
    expect(end).toEqual({ result: 0 });
    expect(effort).toEqual({ attempts: 1, spent: 0, unsure: false });
    expect(slept).toEqual([]);
  });

  test("gives the first final end, and what it took", async () => {
    const { end, effort, slept } = await run([{ status: 503 }, { mayHaveArrived: false }, undefined]);
    expect(end).toEqual({ result: 2 });
    expect(slept).toEqual([500, 1000]);
    expect(effort).toEqual({ attempts: 3, spent: 1500, unsure: true });
  });

  test("is sure that nothing was done after attempts that never arrived or were refused", async () => {
    const { effort } = await run([{ mayHaveArrived: false }, { status: 429 }, undefined], { repeatable: false });
    expect(effort).toMatchObject({ attempts: 3, unsure: false });
  });

  test("does not begin a wait that is longer than what is left", async () => {
    const { end, effort, slept } = await run([{ status: 503, retryAfter: "3600" }, undefined]);
    expect(end).toEqual({ result: 0 });
    expect(slept).toEqual([]);
    expect(effort.ranOut).toEqual({ budget: 300_000, asked: 3_600_000 });
  });

  test("tells its own impatience from the server's", async () => {
    const { effort } = await run([{ status: 503, retryAfter: "soon" }, { status: 503 }], { budget: 800 });
    expect(effort).toMatchObject({ attempts: 2, ranOut: { budget: 800, asked: undefined } });
  });

  test("throws nothing itself: an error is an end like any other", async () => {
    const clock = { now: () => now, random: () => 0, sleep: async () => {} };
    const { end } = await withRetries(() => Promise.reject(new Error("no")), {
      clock,
      budget: newBudget(1000, clock),
      repeatable: true,
      judge: () => undefined,
    });
    expect(end).toEqual({ error: new Error("no") });
  });
});
