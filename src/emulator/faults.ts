import { z } from "zod";

/** Whether the work is done by then. */
const when = z.enum(["before", "after"]);

/**
 * A fault, as data: which requests it befalls, how many of them, and what happens to those. Set by a test with
 * `emulator.fail(fault)`, or over HTTP with `POST /_emulator/faults`, where any process can do it.
 */
export const faultSchema = z.strictObject({
  /** Only requests of this method. @default any */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** Only requests whose path begins with this. @default the organization endpoints; name `/oauth/token` to fail that */
  path: z.string().startsWith("/").default("/api/"),
  /** Let this many matching requests through first. @default 0 */
  skip: z.int().nonnegative().default(0),
  /** Befall this many, then be over. @default 1 */
  count: z.int().positive().default(1),
  /** What happens. */
  effect: z.discriminatedUnion("kind", [
    /** An error in place of the answer: the API's before the work is done, or a proxy's after it. */
    z.strictObject({
      kind: z.literal("status"),
      status: z.int().min(400).max(599),
      message: z.string().default("a fault was asked for"),
      code: z.string().default("FAULT"),
      /** Seconds, an HTTP date, or whatever a server might say. */
      retryAfter: z.union([z.int(), z.string()]).optional(),
      when: when.default("before"),
    }),
    /** The answer comes this many milliseconds late, and the work is done at the end of the wait, or at its beginning. */
    z.strictObject({ kind: z.literal("delay"), milliseconds: z.int().positive(), when: when.default("before") }),
    /** The connection ends before the work is done, or after it, with no answer either way. */
    z.strictObject({ kind: z.literal("cut"), when }),
    /** The request is sent elsewhere; nothing is done. */
    z.strictObject({
      kind: z.literal("redirect"),
      status: z.union([301, 302, 303, 307, 308].map((status) => z.literal(status))).default(302),
      location: z.string(),
    }),
    /** The work is done, and this comes back in place of the answer. */
    z.strictObject({
      kind: z.literal("garbage"),
      status: z.int().min(200).max(599).default(200),
      body: z.string().default("<html>oops</html>"),
    }),
    /**
     * The work is done, and the first half of the answer comes back: as if it were all of it ("body"), or with the
     * length of all of it, and then the connection ends ("connection").
     */
    z.strictObject({ kind: z.literal("truncated"), ends: z.enum(["body", "connection"]).default("body") }),
    /** The work is done, and the answer is followed by as much white space as makes it this long. */
    z.strictObject({ kind: z.literal("huge"), bytes: z.int().positive() }),
    /** The work is done, and the answer speaks of something with this id instead. */
    z.strictObject({ kind: z.literal("wrongBody"), id: z.string().default("org_100000000000000001") }),
    /** The token counts as expired, and so do all that were given so far. */
    z.strictObject({ kind: z.literal("expiredToken") }),
  ]),
});

export type Fault = z.output<typeof faultSchema>;
export type FaultOptions = z.input<typeof faultSchema>;
export type Effect = Fault["effect"];

/** The faults that are still to come. */
export function faultQueue() {
  let pending: Fault[] = [];
  return {
    add(options: FaultOptions): void {
      pending.push(faultSchema.parse(options));
    },
    /** What befalls this request, if anything does. */
    next(method: string, path: string): Effect | undefined {
      for (const fault of pending) {
        if ((fault.method ?? method) !== method || !path.startsWith(fault.path)) continue;
        if (fault.skip > 0) {
          fault.skip--;
          continue;
        }
        if (--fault.count === 0) pending = pending.filter((other) => other !== fault);
        return fault.effect;
      }
      return undefined;
    },
    list: (): readonly Fault[] => pending,
    clear(): void {
      pending = [];
    },
  };
}
