import { StoppedError } from "../errors.ts";
import type { Clock } from "./clock.ts";

/** The end of a run that its user asks for by Ctrl-C. From then on nothing takes longer than a few seconds. */
export interface Stop {
  begin(): void;
  hasBegun(): boolean;
  /** Milliseconds that anything may still take. */
  left(): number;
  /** Calls `listener` when it begins, unless the function that is returned is called before. */
  onBegin(listener: () => void): () => void;
}

/** What is under way gets this long to be answered and noted. Then the engine has a second to save the state. */
const patience = 4000;

export function newStop(milliseconds: number = patience): Stop {
  const listeners = new Set<() => void>();
  let until: number | undefined;
  return {
    begin() {
      if (until !== undefined) return;
      until = performance.now() + milliseconds;
      for (const listener of [...listeners]) listener();
    },
    hasBegun: () => until !== undefined,
    left: () => (until === undefined ? Number.POSITIVE_INFINITY : Math.max(0, until - performance.now())),
    onBegin(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A clock on which no sleep outlasts a stop: it throws a StoppedError at once if it would. */
export function stoppable(clock: Clock, stop: Stop): Clock {
  return {
    ...clock,
    sleep(milliseconds) {
      const until = clock.now() + milliseconds;
      return new Promise((resolve, reject) => {
        const look = () => {
          if (until - clock.now() < stop.left()) return;
          off();
          reject(new StoppedError());
        };
        const off = stop.onBegin(look);
        look();
        clock.sleep(milliseconds).then(() => {
          off();
          resolve();
        }, reject);
      });
    },
  };
}
