import { type Definition, keysOf, scopeOf, type Values } from "../definitions/definition.ts";
import { nameIn } from "../definitions/tokens.ts";
import { unknown } from "../definitions/want.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { resourceMarkIn, resourceMarkOf } from "../lifecycle/claims.ts";
import type { Guarantor } from "../lifecycle/debts.ts";
import { ledgerAt } from "../lifecycle/ledger.ts";
import { notesIn } from "../lifecycle/state.ts";

/**
 * What this run's program declares of one definition, collected from the engine's checks. Some hosts do not learn which resource a
 * later call is about, so resources are remembered by their arguments.
 */
export interface Declared {
  /** The resource `urn` declares `args`; `exists` says whether the state has it. Returns problems between resources. */
  add(args: Values, urn: string | undefined, exists: boolean, guarantee?: Guarantee): CheckFailure[];
  /** The set `urn` declares the tenant `args`. Returns problems between resources. */
  addTenant(args: Values, urn: string): CheckFailure[];
  /** The guarantor for keys that updates leave for later, if the program is one. */
  guarantor(): Guarantor | undefined;
  /** Whether the program declares `args`; a refresh passes those of the run before. */
  includes(args: Values, urn?: string): boolean;
  /** The create of a resource begins. Without its URN it is found by its arguments, each once. Returns its URN. */
  beginCreate(args: Values, urn?: string): string | undefined;
  /** The resource that declares a key of `args`, if one does. */
  declarerOf(args: Values): string | undefined;
  /** Whether a delete of `state` is part of a replacement. */
  replaces(state: Values, urn?: string): boolean;
  /** The URN of the resource that will be created in place of this state: its own resource, or one that gets its key. */
  successorOf(state: Values, urn?: string): string | undefined;
  /** Whether a create is still to come. */
  awaitsCreate(): boolean;
}

/** The program will read `ledger` at its end. `among` is how many of these resources it has declared so far. */
export interface Guarantee {
  readonly ledger: string;
  readonly among: number;
}

export function newDeclared(definition: Definition): Declared {
  const uniques = keysOf(definition).map(({ fields }) => fields);
  const declared = new Set<string>();
  const created = new Map<string, string[]>();
  const declarers = new Map<string, string>();
  /** The resources that will be created, and the same by their mark in a state. */
  const fresh = new Set<string>();
  const marked = new Map<string, string>();
  /** Those whose create has begun. */
  const begun = new Set<string>();
  const seen = new Set<string>();
  let among = 0;
  let guarantor: Guarantor | undefined;
  const isNew = (urn: string | undefined): urn is string => urn !== undefined && fresh.has(urn);

  function keyIn(args: Values, unique: readonly string[]): string | undefined {
    const values = unique.map((field) => args[field]);
    return values.some((value) => value === undefined || value === unknown)
      ? undefined
      : JSON.stringify([unique, values]);
  }

  const declarerOf = (args: Values, unique: readonly string[]): string | undefined =>
    declarers.get(keyIn(args, unique) ?? "");

  /** The problem if another resource declares the same values in the fields `unique`. */
  function problemWithKey(args: Values, unique: readonly string[], urn: string): CheckFailure[] {
    const key = keyIn(args, unique);
    if (key === undefined) return [];
    const first = declarers.get(key) ?? urn;
    declarers.set(key, first);
    const reason = `is the same as that of ${nameIn(first)}, and must be unique in ${scopeOf(unique)}`;
    return first === urn ? [] : [{ property: unique.at(-1) ?? "", reason }];
  }

  const newDeclarersOf = (state: Values): string[] => uniques.map((unique) => declarerOf(state, unique)).filter(isNew);

  function successorOf(state: Values, urn?: string): string | undefined {
    // Its own resource first, because a key may change hands in the same run.
    const own = urn ?? marked.get(resourceMarkIn(notesIn(state).claim) ?? "");
    return [own, ...newDeclarersOf(state)].find((urn) => isNew(urn) && !begun.has(urn));
  }

  return {
    add(args, urn, exists, guarantee) {
      const key = keyOf(args);
      declared.add(key);
      if (urn === undefined) return [];
      seen.add(urn);
      among = Math.max(among, guarantee?.among ?? 0);
      if (guarantee) guarantor ??= { ...ledgerAt(guarantee.ledger), isMoreToCome: () => seen.size < among };
      if (!exists) {
        // The engine may check it more than once.
        const those = created.get(key) ?? [];
        if (!those.includes(urn)) created.set(key, [...those, urn]);
        fresh.add(urn);
        marked.set(resourceMarkOf(urn), urn);
      }
      return uniques.flatMap((unique) => problemWithKey(args, unique, urn));
    },
    addTenant: (args, urn) => uniques.flatMap((unique) => problemWithKey(args, unique, urn)),
    guarantor: () => guarantor,
    // A policy may change arguments after the check, and the engine does not check them again.
    includes: (args, urn) =>
      urn === undefined
        ? declared.has(keyOf(args)) || uniques.some((unique) => declarerOf(args, unique) !== undefined)
        : seen.has(urn),
    beginCreate(args, urn) {
      const own =
        urn ?? created.get(keyOf(args))?.shift() ?? uniques.map((unique) => declarerOf(args, unique)).find(isNew);
      if (own !== undefined) begun.add(own);
      return own;
    },
    declarerOf: (args) => uniques.map((unique) => declarerOf(args, unique)).find((urn) => urn !== undefined),
    replaces: (state, urn) => newDeclarersOf(state).length > 0 || successorOf(state, urn) !== undefined,
    successorOf,
    awaitsCreate: () => fresh.size > begun.size,
  };
}

/** The same text for the same arguments, whatever the order of their properties. */
const keyOf = (args: object): string =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
