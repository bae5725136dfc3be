import { goalSize } from "../results/goals.mts";
import { type Contestant, contestants, type Operation } from "../results/results.mts";
import type { Order } from "./order.mts";

/** The sizes at which a set is measured. The last takes some five minutes, and is for `--full` or for who asks for it. */
export const setSizes = [1000, 10_000, 100_000] as const;

/** The size up to which every organization may be a resource, without the run taking hours. */
const resourcesUpTo = 1000;

const work: readonly Operation[] = ["up", "again", "refresh"];

/** What a contestant has to do. The operations of the others are what all of them have. */
const own: Partial<Record<Contestant, readonly Operation[]>> = {
  loop: ["up"],
  set: [...work, "update"],
  nativeSet: [...work, "update"],
  alchemy: ["up", "again"],
};

/**
 * Sets beside what they are judged by: the same creates without an engine, an empty stack, and, where that takes minutes at
 * most, organizations as resources and what users would pick instead.
 */
export const setsPlan = ({ sizes, repeats, peers = [], who = contestants }: SetsPlanOptions): Order[] =>
  sizes.flatMap((size) => {
    const isSmall = size <= resourcesUpTo;
    const all: Contestant[] = [
      "set",
      ...(isSmall ? (["ours", "naive", "empty"] as const) : []),
      "stack",
      "loop",
      "nativeSet",
      ...(isSmall ? peers : []),
    ];
    const chosen = all.filter((one) => who.includes(one));
    return chosen.map((provider) => ({
      cell: { provider, size, checkpoints: "on" as const, latency: 0 },
      // What takes long is measured once.
      repeats: size > goalSize || provider === "naive" ? 1 : repeats,
      operations: own[provider] ?? work,
    }));
  });

export interface SetsPlanOptions {
  readonly sizes: readonly number[];
  readonly repeats: number;
  /** What users would pick instead, as far as it is installed. */
  readonly peers?: readonly Contestant[];
  /** Who takes part. @default all */
  readonly who?: readonly Contestant[] | undefined;
}
