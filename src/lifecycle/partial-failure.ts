import { mayHaveActed } from "../errors.ts";
import type { Notes, State } from "./state.ts";

/** The note for a state after a change whose answer was lost. */
export const doubtIn = (error: unknown): Notes => (mayHaveActed(error) ? { unsure: true as const } : {});

/**
 * An error that leaves the resource in the state, so that the next `up` finishes the change.
 * The engine keeps a resource whose error carries an id and properties ("initialization failed").
 */
export const partialFailure = (error: unknown, id: string, properties: State): unknown =>
  Object.assign(error as Error, { id, properties, reasons: [(error as Error).message] });
