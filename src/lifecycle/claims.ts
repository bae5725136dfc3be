import { randomBytes } from "node:crypto";
import { dynamicUrnOf } from "../definitions/tokens.ts";
import { hash } from "./journal.ts";

/**
 * Which remote objects this run's program has, and for which resource.
 *
 * To the engine, a resource that is renamed without an alias is a new one. It may adopt the object, and then the engine deletes the
 * old resource, which has the same id. So each resource has a claim of its own in its state, and a delete spares an object that
 * another resource of the program has.
 */
export interface Claims {
  /** A resource of the program has the object `id`. An imported resource has no claim, so it never prevents a delete. */
  add(id: string, claim: string | undefined): void;
  /** Whether a resource of the program other than the one with these notes has the object. */
  isElsewhere(id: string, notes: { readonly claim?: string | undefined }): boolean;
}

/**
 * The token's second half says which resource the state belongs to, because the engine does not say that with a delete. The
 * state of an import has no token. After a rename, the state has the old name's token until the next update.
 */
export const newClaimToken = (urn?: string): string =>
  randomBytes(3).toString("base64url") + (urn === undefined ? "" : resourceMarkOf(urn));

/** The token of a state, once it is saved for the resource `urn`, if that is known. */
export const claimTokenFor = (urn: string | undefined, token: string | undefined): string =>
  token === undefined || urn === undefined
    ? (token ?? newClaimToken(urn))
    : token.slice(0, first) + resourceMarkOf(urn);

/** The part of a token that stands for a resource. */
export const resourceMarkOf = (urn: string): string => hash(dynamicUrnOf(urn)).slice(0, 6);
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
