import { Agent, type Dispatcher } from "undici";
import type { Clock } from "../../src/api/clock.ts";

/**
 * A clock that stands still while anything is under way, and jumps to the next sleeper when all that is left is to wait:
 * an hour over real HTTP passes in a second. `dispatcher` is to be used for all requests, for it tells what is under way.
 */
export function simulatedTime(options: { random?: () => number } = {}) {
  let now = Date.UTC(2026, 0, 1);
  let underWay = 0;
  let quiet = 0;
  let ticking = false;
  const sleepers: { at: number; wake: () => void }[] = [];
  const slept: number[] = [];

  const clock: Clock = {
    now: () => now,
    random: options.random ?? Math.random,
    sleep(milliseconds) {
      slept.push(milliseconds);
      return until(now + milliseconds);
    },
  };

  function until(at: number): Promise<void> {
    return new Promise((wake) => {
      const behind = sleepers.findLastIndex((other) => other.at <= at);
      sleepers.splice(behind + 1, 0, { at, wake });
      if (!ticking) setImmediate(tick);
      ticking = true;
    });
  }

  /** What was set going by one thing that happened needs a few turns of the event loop to show as a request or a sleeper. */
  function tick(): void {
    quiet = underWay === 0 ? quiet + 1 : 0;
    if (quiet > 3) {
      quiet = 0;
      const next = sleepers.shift();
      now = Math.max(now, next?.at ?? now);
      next?.wake();
    }
    ticking = sleepers.length > 0;
    if (ticking) setImmediate(tick);
  }

  const dispatcher = new Agent().compose((dispatch) => (request, handler) => {
    underWay++;
    return dispatch(
      request,
      ended(handler, () => underWay--),
    );
  });

  return { clock, dispatcher, slept, now: () => now };
}

/** `handler`, with `end` called once when the answer is there or will not come. */
function ended(handler: Dispatcher.DispatchHandler, end: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd(...args) {
      end();
      return handler.onResponseEnd?.(...args);
    },
    onResponseError(...args) {
      end();
      return handler.onResponseError?.(...args);
    },
  };
}
