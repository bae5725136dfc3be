/**
 * The server's clock, estimated from the `Date` of its answers.
 *
 * `Date` has whole seconds, and an answer takes its time, so each answer says only that the server is ahead of this
 * machine by a number of milliseconds between two bounds. What many answers have in common is a narrower span; its
 * middle is taken. After one answer the error is at most half a second and half a round trip; it shrinks from there.
 */
export function serverTime(now: () => number) {
  let ahead: { least: number; most: number } | undefined;

  return {
    /** Milliseconds since 1970 by the server's clock; by this machine's before the first answer. */
    now: (): number => now() + (ahead === undefined ? 0 : Math.round((ahead.least + ahead.most) / 2)),
    /** Learns from the `Date` of an answer to a request that was sent at `sent`. */
    learn(date: string | undefined, sent: number): void {
      const said = Date.parse(date ?? "");
      if (Number.isNaN(said)) return;
      const least = said - now();
      const most = said + 1000 - sent;
      const common = ahead && { least: Math.max(ahead.least, least), most: Math.min(ahead.most, most) };
      // Nothing in common: one of the clocks was set meanwhile.
      ahead = common && common.least <= common.most ? common : { least, most };
    },
  };
}
