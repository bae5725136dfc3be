import { randomBytes } from "node:crypto";
import { hash } from "./journal.ts";

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

/**
 * A token's second half tells which resource the state is of: the engine does not say it where it has something deleted. The
 * state of an import has no token, and one whose resource was renamed has that of its old name until it is updated.
 */
export const newClaimToken = (urn?: string): string =>
  randomBytes(3).toString("base64url") + (urn === undefined ? "" : resourceMarkOf(urn));

/** The token of a state, once it is saved for the resource `urn`, if that is known. */
export const claimTokenFor = (urn: string | undefined, token: string | undefined): string =>
  token === undefined || urn === undefined
    ? (token ?? newClaimToken(urn))
    : token.slice(0, first) + resourceMarkOf(urn);

/** What stands for a resource in a token. */
export const resourceMarkOf = (urn: string): string => hash(urn).slice(0, 6);
export const resourceMarkIn = (token: string | undefined): string | undefined => token?.slice(first) || undefined;

/** The length of a token's first half: 24 bits, since only what has one remote object is compared. */
const first = 4;

export function newClaims(): Claims {
  const claims = new Map<string, Set<string>>();

  return {
    add(id, claim) {
      if (claim !== undefined) claims.set(id, (claims.get(id) ?? new Set()).add(claim));
    },
    isElsewhere: (id, { claim }) =>
      [...(claims.get(id) ?? [])].some((other) => other.slice(0, first) !== claim?.slice(0, first)),
  };
}
