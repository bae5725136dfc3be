import { z } from "zod";
import type { FaultOptions } from "./options.ts";

/** Whether the work is done by then. */
const when = z.enum(["before", "after"]);

/** As options.ts describes it. */
export const faultSchema = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  path: z.string().startsWith("/").default("/api/"),
  skip: z.int().nonnegative().default(0),
  count: z.int().positive().default(1),
  effect: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("status"),
      status: z.int().min(400).max(599),
      message: z.string().default("a fault was asked for"),
      code: z.string().default("FAULT"),
      retryAfter: z.union([z.int(), z.string()]).optional(),
      when: when.default("before"),
    }),
    z.strictObject({ kind: z.literal("delay"), milliseconds: z.int().positive(), when: when.default("before") }),
    z.strictObject({ kind: z.literal("cut"), when }),
    z.strictObject({
      kind: z.literal("redirect"),
      status: z.union([301, 302, 303, 307, 308].map((status) => z.literal(status))).default(302),
      location: z.string(),
    }),
    z.strictObject({
      kind: z.literal("garbage"),
      status: z.int().min(200).max(599).default(200),
      body: z.string().default("<html>oops</html>"),
    }),
    z.strictObject({ kind: z.literal("truncated"), ends: z.enum(["body", "connection"]).default("body") }),
    z.strictObject({ kind: z.literal("huge"), bytes: z.int().positive() }),
    z.strictObject({ kind: z.literal("wrongBody"), id: z.string().default("org_100000000000000001") }),
    z.strictObject({ kind: z.literal("expiredToken") }),
  ]),
}) satisfies z.ZodType<unknown, FaultOptions>;

export type Fault = z.output<typeof faultSchema>;
export type Effect = Fault["effect"];

/** The faults that are still to come. */
export function faultQueue() {
  let pending: Fault[] = [];
  return {
    add(options: FaultOptions): void {
      pending.push(faultSchema.parse(options));
    },
    /** The effect on this request, if any. */
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
