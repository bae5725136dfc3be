import type { Effort } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { Stop } from "./stop.ts";

/** Retries: pure decisions, and the short loop around them. */

/** The outcome of one attempt, as far as a retry depends on it. */
export type Outcome =
  | { readonly status: number; readonly retryAfter?: string | undefined }
  | { readonly mayHaveArrived: boolean };

export interface Attempt {
  /** 1 for the first. */
  readonly number: number;
  /** Whether the request is idempotent. */
  readonly repeatable: boolean;
  readonly outcome: Outcome;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
}

const firstDelay = 500;
const longestDelay = 20_000;
/** For failures that waiting seldom ends. A rate limit always ends, so only the budget bounds those retries. */
export const maxAttempts = 6;
const transientStatuses = new Set([408, 500, 502, 503, 504]);

/** Milliseconds to wait before the next attempt, or `undefined` if a retry would be useless or harmful. */
export function retryDelay({ number, repeatable, outcome, now, random }: Attempt): number | undefined {
  // A 429 says that nothing was done, so even a create may be repeated. All requests wait for its pause (pauses.ts).
  if ("status" in outcome && outcome.status === 429) return 0;
  if (number >= maxAttempts) return undefined;
  if ("mayHaveArrived" in outcome) {
    return repeatable || !outcome.mayHaveArrived ? backoff(number, random) : undefined;
  }
  if (!repeatable || !transientStatuses.has(outcome.status)) return undefined;
  const asked = parseRetryAfter(outcome.retryAfter, now);
  return asked === undefined ? backoff(number, random) : asked + jitter(random);
}

/** Milliseconds to wait after the `number`th failure in a row if the server does not say how long. */
export const backoff = (number: number, random: number): number =>
  Math.round(Math.min(longestDelay, firstDelay * 2 ** (number - 1)) * (0.5 + random / 2));

/** Milliseconds added to the server's Retry-After, so that clients with the same answer do not all return at once. */
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

/**
 * @param isFixed whether no setting can raise it
 * @param stop nothing may take longer than a stop leaves
 */
export function newBudget(total: number, clock: Clock, isFixed = false, stop?: Stop) {
  let started: number | undefined;
  const spent = () => (started === undefined ? 0 : clock.now() - started);
  const isStopped = () => stop?.hasBegun() === true;
  return {
    total,
    isFixed,
    /** The part that errors show. */
    limits: () => ({ budget: total, ...(isFixed && { isFixed }), ...(isStopped() && { isStopped: true }) }),
    start(): void {
      started ??= clock.now();
    },
    hasStarted: () => started !== undefined,
    spent,
    isStopped,
    left: () => Math.min(total - spent(), stop?.left() ?? Number.POSITIVE_INFINITY),
  };
}

/** An operation would have to wait longer than it may take, or its time ended while it waited. */
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
  /** The outcome on which a retry depends; `undefined` if the end is final. */
  judge(end: End<T>): Outcome | undefined;
  /** Called before the wait for another attempt. */
  retrying?(retry: {
    readonly end: End<T>;
    readonly attempts: number;
    readonly began: number;
    readonly delay: number;
  }): void;
}

/** The end of an attempt. */
export type End<T> = { readonly result: T } | { readonly error: unknown };

/** Runs `attempt` until its end is final, and returns that end with the effort. */
export async function withRetries<T>(
  attempt: (number: number) => Promise<T>,
  { clock, repeatable, budget, judge, retrying }: RetryOptions<T>,
): Promise<{ end: End<T>; effort: Effort }> {
  let unsure = false;
  let last: End<T> | undefined;
  for (let attempts = 1; ; attempts++) {
    const began = clock.now();
    const end = await attempt(attempts).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    // If the next wait is too long, the last attempt's end is final.
    if ("error" in end && end.error instanceof WaitTooLong && last !== undefined) {
      const ranOut = { ...budget.limits(), asked: end.error.asked };
      return { end: last, effort: { attempts: attempts - 1, spent: budget.spent(), unsure, ranOut } };
    }
    const effort = { attempts, spent: budget.spent(), unsure };
    const outcome = judge(end);
    const now = clock.now();
    const delay = outcome && retryDelay({ number: attempts, repeatable, outcome, now, random: clock.random() });
    if (outcome === undefined || delay === undefined) return { end, effort };
    if (delay > 0 && delay < budget.left()) retrying?.({ end, attempts, began, delay });
    if (!(await waited(delay))) {
      const asked = "status" in outcome ? parseRetryAfter(outcome.retryAfter, now) : undefined;
      return { end, effort: { ...effort, ranOut: { ...budget.limits(), asked } } };
    }
    unsure ||= isUnsure(outcome);
    last = end;
  }

  /** False if there is not that much time, or if the run is stopped meanwhile. */
  async function waited(delay: number): Promise<boolean> {
    if (delay >= budget.left()) return false;
    if (delay === 0) return true;
    return clock.sleep(delay).then(
      () => true,
      () => false,
    );
  }
}

const isUnsure = (outcome: Outcome): boolean =>
  "status" in outcome ? outcome.status === 408 || outcome.status >= 500 : outcome.mayHaveArrived;
