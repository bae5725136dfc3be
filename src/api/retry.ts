/** Waiting: a pure decision, and the short loop around it. */

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
  /** Milliseconds left of the operation's budget. */
  readonly budget: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
}

const firstDelay = 500;
const longestDelay = 20_000;
/** For failures that waiting seldom heals. A rate limit always heals, so only the budget bounds those. */
const mostAttempts = 6;
const transientStatuses = new Set([500, 502, 503, 504]);

/** Milliseconds to wait before the next attempt, or `undefined` to give up. */
export function retryDelay(attempt: Attempt): number | undefined {
  if (!worthRepeating(attempt)) return undefined;
  const asked = "status" in attempt.outcome ? parseRetryAfter(attempt.outcome.retryAfter, attempt.now) : undefined;
  const ceiling = Math.min(longestDelay, firstDelay * 2 ** (attempt.number - 1));
  // A little jitter is added to the server's own word, so that those who were told the same do not come back as one.
  const delay = asked === undefined ? ceiling * (0.5 + attempt.random / 2) : asked + firstDelay * attempt.random;
  return delay < attempt.budget ? Math.round(delay) : undefined;
}

function worthRepeating({ outcome, number, repeatable }: Attempt): boolean {
  // A 429 says that nothing was done, so even a create may be sent again.
  if ("status" in outcome && outcome.status === 429) return true;
  if (number >= mostAttempts) return false;
  if ("status" in outcome) return repeatable && transientStatuses.has(outcome.status);
  return repeatable || !outcome.mayHaveArrived;
}

/** Retry-After as milliseconds from now: seconds or an HTTP date (RFC 9110 §10.2.3). Anything else is ignored. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

export interface Clock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  random(): number;
}

export interface RetryOptions<T> {
  readonly clock: Clock;
  readonly repeatable: boolean;
  /** Milliseconds for all attempts and the waits between them. */
  readonly budget: number;
  /** What a result or an error means for trying again; `undefined` means that it is final. */
  judge(ended: { result: T } | { error: unknown }): Outcome | undefined;
}

/** Runs `call` until its end is final, then returns or throws that end. `call` gets the milliseconds that are left. */
export async function withRetries<T>(call: (budget: number) => Promise<T>, options: RetryOptions<T>): Promise<T> {
  const { clock, repeatable } = options;
  const deadline = clock.now() + options.budget;
  for (let number = 1; ; number++) {
    const ended = await call(deadline - clock.now()).then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const outcome = options.judge(ended);
    const now = clock.now();
    const delay =
      outcome && retryDelay({ number, repeatable, outcome, budget: deadline - now, now, random: clock.random() });
    if (delay === undefined) {
      if ("error" in ended) throw ended.error;
      return ended.result;
    }
    await clock.sleep(delay);
  }
}
