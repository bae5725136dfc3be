import type { Clock } from "./clock.ts";
import { backoff, jitter, parseRetryAfter } from "./retry.ts";

/** What one request means for the pauses; it began when the request was let through. */
export interface Visit {
  answered(status: number, retryAfter: string | undefined): void;
  /** It ended without an answer, which says nothing about the rate limit. */
  ended(): void;
}

/**
 * The pauses that 429s call for, shared by everyone: a rate limit is the environment's, so what one is told holds for all.
 *
 * After a pause one request goes first, as a probe, and the rest follow only when the limit let that one through:
 * whatever the limit, a pause costs one refused request, not as many as there are waiting.
 */
export function pauses(clock: Clock, tell: { began(): void; ended(): void }) {
  let until = Number.NEGATIVE_INFINITY;
  let pausing = false;
  /** What the server asked for in milliseconds, if the pause is of its asking. */
  let askedFor: number | undefined;
  /** Whether a probe has yet to get through, and the probe that is on its way. */
  let shut = false;
  let probe: Visit | undefined;
  /** Counts pauses, to tell news from what those bring who were sent before the last pause. */
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
    tell.began();
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
