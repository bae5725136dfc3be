import { mayHaveActed } from "../errors.ts";

/** What a state has to say of a change whose answer was lost. */
export const doubtIn = (error: unknown) => (mayHaveActed(error) ? { unsure: true as const } : {});

/** The claim that a state has, if it has one: see holders.ts. */
export const claimIn = ({ claim }: { readonly claim?: string }) => (claim === undefined ? {} : { claim });

/**
 * An error that leaves a resource in the state as what it is, to be finished by the next `up`.
 * The engine keeps a resource whose error carries an id and properties ("initialization failed").
 */
export const keeping = (error: unknown, id: string, properties: object): unknown =>
  Object.assign(error as Error, { id, properties, reasons: [(error as Error).message] });
