import { randomUUID } from "node:crypto";
import { ScalekitError } from "../errors.ts";
import type { State } from "./state.ts";

/**
 * Which organizations the program of this run has, and by which resource.
 *
 * A resource that is renamed without an alias is a new one to the engine: it may adopt the organization, and then the
 * old one is deleted, with the same id. So each resource has a claim of its own in its state, and an organization
 * that another resource of the program has is not deleted with one that goes.
 */
export interface Holders {
  /** A resource of the program has the organization `id`. */
  hold(id: string, claim: string | undefined): void;
  /** Whether a resource of the program other than that of `state` has the organization. Throws where that cannot be told. */
  elsewhere(id: string, state: State): boolean;
}

export const newClaim = (): string => randomUUID().slice(0, 8);

export function newHolders(): Holders {
  const claims = new Map<string, Set<string | undefined>>();

  return {
    hold(id, claim) {
      claims.set(id, (claims.get(id) ?? new Set()).add(claim));
    },
    elsewhere(id, { claim }) {
      const held = claims.get(id) ?? new Set();
      if (claim === undefined && held.has(undefined)) throw undecided(id);
      return [...held].some((other) => other !== claim);
    },
  };
}

/** Both came in by import, or one that did is being replaced. */
const undecided = (id: string): ScalekitError =>
  new ScalekitError(
    `Organization ${id} is not deleted, because another resource of this stack may have it: a resource that was imported cannot be ` +
      "told from another with the same id. If there is another, forget this one with `pulumi state delete`.",
  );
