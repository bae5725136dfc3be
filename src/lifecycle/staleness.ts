import type { Client } from "../api/client.ts";

/**
 * A server may answer reads from a copy that lags behind its writes: a new object is not found, and a changed one shows its old
 * value. So for some seconds after a write, a read is repeated until it shows the write.
 */
export type UntilCurrent = <T>(question: {
  /** The first answer. */
  readonly first: T;
  readonly ask: () => Promise<T>;
  /** Whether an answer shows the write. */
  readonly isCurrent: (answer: T) => boolean;
  /** Milliseconds since 1970 by Scalekit's clock, or RFC 3339: when it was written, as far as that is known. */
  readonly written: readonly (number | string | undefined)[];
}) => Promise<T>;

export const untilCurrent =
  (client: Pick<Client, "sleep" | "serverNow">): UntilCurrent =>
  async ({ first, ask, isCurrent, written }) => {
    const until = written.map(timeOf).reduce((last, time) => Math.max(last, time)) + lag;
    let answer = first;
    for (const wait of waits) {
      if (isCurrent(answer) || !(client.serverNow() < until)) return answer;
      await client.sleep(wait);
      answer = await ask();
    }
    return answer;
  };

/** Waits until a new object shows, so that a 404 means that it is gone. A read that fails says nothing, and ends the wait. */
export async function untilShown(
  client: Pick<Client, "sleep" | "serverNow">,
  look: () => Promise<unknown>,
  written: readonly (number | string | undefined)[],
): Promise<void> {
  const ask = () =>
    look().then(
      (found) => found !== undefined,
      () => true,
    );
  await untilCurrent(client)({ first: false, ask, isCurrent: (isShown) => isShown, written });
}

/** Milliseconds for which an answer may be behind a write. */
export const lag = 5_000;
const waits = [250, 500, 1000, 1500, 2000];

const timeOf = (time: number | string | undefined): number => {
  const milliseconds = typeof time === "string" ? Date.parse(time) : time;
  return milliseconds === undefined || Number.isNaN(milliseconds) ? Number.NEGATIVE_INFINITY : milliseconds;
};

/** Whether `now` is before `then`, both RFC 3339. False if either is unknown. */
export const isOlder = (now: string | undefined, then: string | undefined): boolean =>
  timeOf(now) < timeOf(then) && timeOf(now) > Number.NEGATIVE_INFINITY;
