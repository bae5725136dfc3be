import { counted } from "./members.ts";

/** Reports every few seconds how far a long operation is. */
export function newProgress(name: string, total: number, say: (line: string) => void): Progress {
  const begun = Date.now();
  let done = 0;
  const timer = setInterval(() => {
    const perSecond = (done * 1000) / (Date.now() - begun);
    const left = perSecond > 0 ? `, ${perSecond.toFixed(0)} a second, ${timeOf((total - done) / perSecond)} left` : "";
    say(`${name}: ${counted(done)} of ${counted(total)} done${left}.`);
  }, interval);
  timer.unref();
  return {
    step: () => void done++,
    end: () => clearInterval(timer),
  };
}

export interface Progress {
  step(): void;
  end(): void;
}

const timeOf = (seconds: number): string =>
  seconds < 90 ? `about ${Math.ceil(seconds)} s` : `about ${Math.ceil(seconds / 60)} min`;

/** Milliseconds. */
const interval = 5000;
