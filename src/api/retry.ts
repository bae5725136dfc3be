import type { Effort } from "../errors.ts";
import type { Clock } from "./clock.ts";

/** Trying again: pure decisions, and the short loop around them. */

/** What one attempt ended in, as far as trying again depends on it. */
export type Outcome =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly mayHaveArrived: boolean };

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Whether doing the request twice comes to the same as doing it once. */
  readonly repeatable: boolean;
  readonly outcome: Outcome;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
}

const firstDelay = 500;
const longestDelay = 20_000;
/** For failures that waiting seldom heals. A rate limit always heals, so only the budget bounds those. */
const maxAttempts = 6;
const transientStatuses = new Set([408, 500, 502, 503, 504]);

/** Milliseconds to wait before the next attempt, or `undefined` when another would be in vain or do harm. */
export function retryDelay({ number, repeatable, outcome, now, random }: Attempt): number | undefined {
  // A 429 says that nothing was done, so even a create may be sent again; everyone waits for its pause (pauses.ts).
  if ("status" in outcome && outcome.status === 429) return 0;
  if (number >= maxAttempts) return undefined;
  if ("mayHaveArrived" in outcome) {
    return repeatable || !outcome.mayHaveArrived ? backoff(number, random) : undefined;
  }
  if (!repeatable || !transientStatuses.has(outcome.status)) return undefined;
  const asked = parseRetryAfter(outcome.retryAfter, now);
  return asked === undefined ? backoff(number, random) : asked + jitter(random);
}

/** Milliseconds to wait after the `number`th failure in a row when nobody says how long. */
export const backoff = (number: number, random: number): number =>
  Math.round(Math.min(longestDelay, firstDelay * 2 ** (number - 1)) * (0.5 + random / 2));

/** Milliseconds added to the server's own word, so that those who were told the same do not come back as one. */
export const jitter = (random: number): number => Math.round(firstDelay * random);

/** Retry-After as milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3). Anything else is ignored. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The time that one operation may take. It counts from the operation's first admission, which is when it starts. */
export type Budget = ReturnType<typeof newBudget>;

/** @param isFixed whether it is no setting that could be raised */
export function newBudget(total: number, clock: Clock, isFixed = false) {
  let started: number | undefined;
  const spent = () => (started === undefined ? 0 : clock.now() - started);
  return {
    total,
    isFixed,
    /** What an error tells of it. */
    limits: () => ({ budget: total, ...(isFixed && { isFixed }) }),
    start(): void {
      started ??= clock.now();
    },
    hasStarted: () => started !== undefined,
    spent,
    left: () => total - spent(),
  };
}

/** An operation would have to wait for longer than it may take, or has come to the end of its time while it waited. */
export class WaitTooLong extends Error {
  /** Milliseconds that the server asked everyone to wait, if it did. */
  readonly asked: number | undefined;
  constructor(asked: number | undefined) {
    super("The wait is too long.");
    this.asked = asked;
  }
}

export interface RetryOptions<T> {
  readonly clock: Clock;
  readonly repeatable: boolean;
  readonly budget: Budget;
  /** What an end means for trying again; `undefined` means that it is final. */
  judge(end: End<T>): Outcome | undefined;
}

/** What an attempt came to. */
export type End<T> = { readonly result: T } | { readonly error: unknown };

/** Runs `attempt` until its end is final, and gives that end with what it took. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { clock, repeatable, budget, judge }: RetryOptions<T>,
): Promise<{ end: End<T>; effort: Effort }> {
  let unsure = false;
  let last: End<T> | undefined;
  for (let attempts = 1; ; attempts++) {
    const end = await attempt().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    // What came last before a wait that is too long is the end.
    if ("error" in end && end.error instanceof WaitTooLong && last !== undefined) {
      const ranOut = { ...budget.limits(), asked: end.error.asked };
      return { end: last, effort: { attempts: attempts - 1, spent: budget.spent(), unsure, ranOut } };
    }
    const effort = { attempts, spent: budget.spent(), unsure };
    const outcome = judge(end);
    const now = clock.now();
    const delay = outcome && retryDelay({ number: attempts, repeatable, outcome, now, random: clock.random() });
    if (outcome === undefined || delay === undefined) return { end, effort };
    if (delay >= budget.left()) {
      const asked = "status" in outcome ? parseRetryAfter(outcome.retryAfter, now) : undefined;
      return { end, effort: { ...effort, ranOut: { ...budget.limits(), asked } } };
    }
    unsure ||= isUnsure(outcome);
    last = end;
    if (delay > 0) await clock.sleep(delay);
  }
}

const isUnsure = (outcome: Outcome): boolean =>
  "status" in outcome ? outcome.status === 408 || outcome.status >= 500 : outcome.mayHaveArrived;
