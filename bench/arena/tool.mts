import type { Contestant, Operation, StateBytes } from "../results/results.mts";
import type { Command } from "./command.mts";
import type { Organizations } from "./organizations.mts";

/** A tool that creates the declared organizations. */
export interface Tool {
  /** Settings of the environment that all its commands get. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it makes the organizations at all. */
  readonly isReal: boolean;
  declare(declared: Organizations): Promise<void>;
  /** Runs once, and is not measured. */
  readonly begin: readonly Command[];
  /** Runs before an operation, and is not measured. */
  before(operation: Operation): readonly Command[];
  command(operation: Operation): Command;
  /** What the state holds of one of the declared organizations, on average. */
  state(declared: Organizations): Promise<StateBytes | undefined>;
}

export interface ToolOptions {
  readonly provider: Contestant;
  /** Where it works. Nothing of it is left at the end. */
  readonly folder: string;
  /** The folder of the Pulumi CLI. */
  readonly engineBin: string;
  /** The folder of the other tools, if they are there. */
  readonly peers?: string | undefined;
  /** The settings by which the emulator is reached. */
  readonly api: Readonly<Record<string, string>>;
}
