import type { Clock } from "./clock.ts";
import { backoff, jitter, parseRetryAfter } from "./retry.ts";

/** One request, as the pauses see it, from the moment that it was admitted. */
export interface Visit {
  answered(status: number, retryAfter: string | undefined): void;
  /** It ended without an answer, which says nothing about the rate limit. */
  ended(): void;
}

/**
 * The pauses after a 429. All requests share them, because the rate limit is the environment's.
 *
 * After a pause one request goes first, as a probe, and the others follow only if the probe is accepted. So a pause costs one refused
 * request, and not one for each that waits.
 */
export function pauses(
  clock: Clock,
  tell: { began(wait: { readonly until: number; readonly asked: number | undefined }): void; ended(): void },
) {
  let until = Number.NEGATIVE_INFINITY;
  let pausing = false;
  /** How many milliseconds the server asked for, if it did. */
  let askedFor: number | undefined;
  /** Whether the others still wait for a probe, and the probe that is under way. */
  let shut = false;
  let probe: Visit | undefined;
  /** Counts pauses. Answers to requests from before the last pause say nothing new. */
  let era = 0;
  /** How many pauses there were in a row. */
  let row = 0;

  function visit(): Visit {
    const sentIn = era;
    const self: Visit = {
      answered(status, retryAfter) {
        const wasProbe = probe === self;
        self.ended();
        if (status === 429) return refused(sentIn === era, retryAfter);
        if (sentIn !== era || (shut && !wasProbe)) return;
        shut = false;
        row = 0;
      },
      ended() {
        if (probe === self) probe = undefined;
      },
    };
    if (shut) probe = self;
    return self;
  }

  function refused(isNews: boolean, retryAfter: string | undefined): void {
    if (isNews) {
      era++;
      row++;
    }
    const now = clock.now();
    const asked = parseRetryAfter(retryAfter, now);
    const wait = asked === undefined ? backoff(row, clock.random()) : asked + jitter(clock.random());
    if (now + wait > until) {
      until = now + wait;
      askedFor = asked;
    }
    shut = true;
    if (!pausing) void pause();
    tell.began({ until, asked: askedFor });
  }

  async function pause(): Promise<void> {
    pausing = true;
    // A sleep is trusted rather than the clock, which may be set back meanwhile.
    for (let reached = clock.now(); reached < until; ) {
      const target = until;
      await clock.sleep(target - reached);
      reached = target;
    }
    pausing = false;
    tell.ended();
  }

  return {
    visit,
    /** Whether nobody may be sent now. */
    holds: () => pausing || (shut && probe !== undefined),
    asked: () => askedFor,
    /** Milliseconds until the pause is over; 0 when there is none. */
    left: () => (pausing ? Math.max(0, until - clock.now()) : 0),
  };
}
