import { z } from "zod";

/**
 * A fault, as data: which requests it befalls, how many of them, and what happens to those. Set by a test with
 * `emulator.fail(fault)`, or over HTTP with `POST /_emulator/faults`, where any process can do it.
 */
export const faultSchema = z.strictObject({
  /** Only requests of this method. @default any */
  method: z.enum(["GET", "POST", "PATCH", "DELETE"]).optional(),
  /** Only requests whose path begins with this. @default the organization endpoints; name `/oauth/token` to fail that */
  path: z.string().startsWith("/").default("/api/"),
  /** Let this many matching requests through first. @default 0 */
  skip: z.int().nonnegative().default(0),
  /** Befall this many, then be over. @default 1 */
  count: z.int().positive().default(1),
  /** What happens. */
  effect: z.discriminatedUnion("kind", [
    /** An error of the API in place of the answer; nothing is done. */
    z.strictObject({
      kind: z.literal("status"),
      status: z.int().min(400).max(599),
      message: z.string().default("a fault was asked for"),
      code: z.string().default("FAULT"),
      /** Seconds, an HTTP date, or whatever a server might say. */
      retryAfter: z.union([z.int(), z.string()]).optional(),
    }),
    /** The answer comes this many milliseconds late. */
    z.strictObject({ kind: z.literal("delay"), milliseconds: z.int().positive() }),
    /** The connection ends before the work is done, or after it, with no answer either way. */
    z.strictObject({ kind: z.literal("cut"), when: z.enum(["before", "after"]) }),
    /** The work is done, and this comes back in place of the answer. */
    z.strictObject({
      kind: z.literal("garbage"),
      status: z.int().default(200),
      body: z.string().default("<html>oops</html>"),
    }),
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
