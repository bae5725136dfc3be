import { randomBytes } from "node:crypto";
import { dynamicUrnOf } from "../definitions/tokens.ts";
import { hash, type Journal } from "./journal.ts";

/**
 * Which remote objects this run's program has, and for which resource.
 *
 * To the engine, a resource that is renamed without an alias is a new one. It may adopt the object, and then the engine deletes the
 * old resource, which has the same id. So each resource has a claim of its own in its state, and a delete spares an object that
 * another resource of the program has. The two may be served by different processes, where a stack moves from one provider to
 * another, so the journal has the claims on what was taken over.
 */
export interface Claims {
  /** A resource of the program has the object `id`. An imported resource has no claim, so it never prevents a delete. */
  add(id: string, claim: string | undefined): Promise<void>;
  /** A resource of the program has got the object `id`, which another one may have had before. */
  takeOver(id: string, claim: string | undefined): Promise<void>;
  /** Whether a resource of the program other than the one with these notes has the object. */
  isElsewhere(id: string, notes: { readonly claim?: string | undefined }): Promise<boolean>;
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

export function newClaims(kind: string, journal: Pick<Journal, "hold" | "holderOf">): Claims {
  const claims = new Map<string, Set<string>>();

  function note(id: string, claim: string | undefined): void {
    if (claim !== undefined) claims.set(id, (claims.get(id) ?? new Set()).add(claim));
  }

  return {
    async add(id, claim) {
      note(id, claim);
      const holder = await journal.holderOf(id, kind);
      if (holder !== undefined && !isSame(holder, claim)) await journal.hold(id, kind, claim);
    },
    async takeOver(id, claim) {
      note(id, claim);
      await journal.hold(id, kind, claim);
    },
    async isElsewhere(id, { claim }) {
      const known = claims.get(id) ?? [];
      if ([...known].some((other) => !isSame(other, claim))) return true;
      const holder = await journal.holderOf(id, kind, true);
      return holder !== undefined && !isSame(holder, claim);
    },
  };
}

const isSame = (one: string, other: string | undefined): boolean => one.slice(0, first) === other?.slice(0, first);
