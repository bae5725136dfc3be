import { randomUUID } from "node:crypto";

/**
 * Which remote objects the program of this run has, and by which resource.
 *
 * A resource that is renamed without an alias is a new one to the engine: it may adopt the object, and then the old one is
 * deleted, with the same id. So each resource has a claim of its own in its state, and what another resource of the program
 * has is not deleted with one that goes.
 */
export interface Claims {
  /** A resource of the program has the object `id`. One that was imported has no claim, and so it never stands in a way. */
  add(id: string, claim: string | undefined): void;
  /** Whether a resource of the program other than the one with these notes has the object. */
  isElsewhere(id: string, notes: { readonly claim?: string | undefined }): boolean;
}

export const newClaimToken = (): string => randomUUID().slice(0, 8);

export function newClaims(): Claims {
  const claims = new Map<string, Set<string>>();

  return {
    add(id, claim) {
      if (claim !== undefined) claims.set(id, (claims.get(id) ?? new Set()).add(claim));
    },
    isElsewhere: (id, { claim }) => [...(claims.get(id) ?? [])].some((other) => other !== claim),
  };
}
