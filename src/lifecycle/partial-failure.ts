import { mayHaveActed } from "../errors.ts";
import type { Notes, State } from "./state.ts";

/** What a state has to say of a change whose answer was lost. */
export const doubtIn = (error: unknown): Notes => (mayHaveActed(error) ? { unsure: true as const } : {});

/**
 * An error that leaves a resource in the state as what it is, for the next `up` to finish.
 * The engine keeps a resource whose error carries an id and properties ("initialization failed").
 */
export const partialFailure = (error: unknown, id: string, properties: State): unknown =>
  Object.assign(error as Error, { id, properties, reasons: [(error as Error).message] });
