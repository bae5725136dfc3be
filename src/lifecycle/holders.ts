import { randomUUID } from "node:crypto";

/**
 * Which organizations the program of this run has, and by which resource.
 *
 * A resource that is renamed without an alias is a new one to the engine: it may adopt the organization, and then the
 * old one is deleted, with the same id. So each resource has a claim of its own in its state, and an organization
 * that another resource of the program has is not deleted with one that goes.
 */
export interface Holders {
  /** A resource of the program has the organization `id`. One that was imported has no claim, and so it never stands in a way. */
  hold(id: string, claim: string | undefined): void;
  /** Whether a resource of the program other than that of `state` has the organization. */
  elsewhere(id: string, state: { readonly claim?: string | undefined }): boolean;
}

export const newClaim = (): string => randomUUID().slice(0, 8);

export function newHolders(): Holders {
  const claims = new Map<string, Set<string>>();

  return {
    hold(id, claim) {
      if (claim !== undefined) claims.set(id, (claims.get(id) ?? new Set()).add(claim));
    },
    elsewhere: (id, { claim }) => [...(claims.get(id) ?? [])].some((other) => other !== claim),
  };
}
