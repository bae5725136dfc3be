/** What came of reading a fleet's file. */
export interface Reading {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
}

/** A tenant as it was found, not yet checked. */
export interface Row {
  /** The line on which it begins; of a list in the program, its index. */
  readonly line: number;
  readonly args: unknown;
}

/** What is wrong, and on which line. Without one, it is about the whole. */
export interface Problem {
  readonly line?: number;
  readonly reason: string;
}
