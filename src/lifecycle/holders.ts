import { randomUUID } from "node:crypto";
import { hash } from "./journal.ts";

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

/**
 * A claim's second half tells which resource the state is of: the engine does not say it where it has something deleted. A
 * state of an earlier version has no such half, and one whose resource was renamed has that of its old name until it is updated.
 */
export const newClaim = (urn?: string): string => randomUUID().slice(0, half) + (urn === undefined ? "" : markOf(urn));

/** The claim of a state, once it is saved for the resource `urn`, if that is known. */
export const claimFor = (urn: string | undefined, claim: string | undefined): string =>
  claim === undefined || urn === undefined ? (claim ?? newClaim(urn)) : claim.slice(0, half) + markOf(urn);

/** What stands for a resource in a claim. */
export const markOf = (urn: string): string => hash(urn).slice(0, half);
export const markIn = (claim: string | undefined): string | undefined => claim?.slice(half) || undefined;

const half = 8;

export function newHolders(): Holders {
  const claims = new Map<string, Set<string>>();

  return {
    hold(id, claim) {
      if (claim !== undefined) claims.set(id, (claims.get(id) ?? new Set()).add(claim));
    },
    elsewhere: (id, { claim }) =>
      [...(claims.get(id) ?? [])].some((other) => other.slice(0, half) !== claim?.slice(0, half)),
  };
}
