import type { Cell, Operation } from "../results/results.mts";

/** One cell, to be measured so many times. */
export interface Order {
  readonly cell: Cell;
  readonly repeats: number;
  readonly operations: readonly Operation[];
  /** The operations of all repeats but the first, where those are others. */
  readonly repeated?: readonly Operation[];
}
