import type { Clock } from "./clock.ts";

/** A wait that the user should hear of, in milliseconds since 1970. */
export interface Wait {
  /** When the wait began. @default now */
  readonly since?: number;
  readonly until: number;
  line(): string;
}

/** Reports waits: a line for each that is long and news, and not one for each request. */
export function newWaiting(say: (line: string) => void, { now }: Pick<Clock, "now">) {
  let next = Number.NEGATIVE_INFINITY;
  let promised = Number.NEGATIVE_INFINITY;

  return function tell({ since = now(), until, line }: Wait): void {
    if (until - since < shortest || until < promised) return;
    // If the last line promised far too little, another corrects it at once.
    if (now() < next && until < promised + interval) return;
    next = now() + interval;
    promised = until + shortest;
    say(line());
  };
}

const shortest = 2_000;
const interval = 10_000;

export type Tell = ReturnType<typeof newWaiting>;

export const inLine = (count: number): string => `${count} ${count === 1 ? "request is" : "requests are"} in line`;
