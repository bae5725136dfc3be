import { type Definition, keysOf, scopeOf, type Values } from "../definitions/definition.ts";
import { unknown } from "../definitions/want.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import type { Guarantor } from "../lifecycle/debts.ts";
import { ledgerAt } from "../lifecycle/ledger.ts";

/**
 * What the program of this run declares of one definition, as the engine has its resources checked. A host may be called
 * with arguments and not by which resource, so that is remembered by the arguments.
 */
export interface Declared {
  /** The resource `urn` declares `args`; `exists` says whether the state has it. Gives what is wrong between resources. */
  add(args: Values, urn: string | undefined, exists: boolean, guarantee?: Guarantee): CheckFailure[];
  /** Who answers for what updates leave for later, if the program does. */
  guarantor(): Guarantor | undefined;
  /** Whether the program declares `args`; a refresh speaks of those of the run before. */
  includes(args: Values): boolean;
  /** The resource that `args` create, each once. */
  urnOf(args: Values): string | undefined;
  /** Whether the program creates something that only one can be, and that a resource with `state` is. */
  createsLike(state: Values): boolean;
  /** The resource that creates such a thing, by its URN, if its create has not begun. */
  awaitsLike(state: Values): string | undefined;
}

/** That the program will look, at its end, at what is written to `ledger`; and how many of the resources it has declared so far. */
export interface Guarantee {
  readonly ledger: string;
  readonly among: number;
}

export function newDeclared(definition: Definition): Declared {
  const uniques = keysOf(definition).map(({ fields }) => fields);
  const declared = new Set<string>();
  const created = new Map<string, string[]>();
  const declarers = new Map<string, string>();
  /** The resources that are to be created. */
  const fresh = new Set<string>();
  /** Those whose create has begun. */
  const begun = new Set<string>();
  const seen = new Set<string>();
  let among = 0;
  let guarantor: Guarantor | undefined;
  const isNew = (urn: string | undefined): boolean => urn !== undefined && fresh.has(urn);

  function keyIn(args: Values, unique: readonly string[]): string | undefined {
    const values = unique.map((field) => args[field]);
    return values.some((value) => value === undefined || value === unknown)
      ? undefined
      : JSON.stringify([unique, values]);
  }

  const declarerOf = (args: Values, unique: readonly string[]): string | undefined =>
    declarers.get(keyIn(args, unique) ?? "");

  /** What is wrong where another resource declares what only one can have: the fields of `unique` together. */
  function rivalry(args: Values, unique: readonly string[], urn: string): CheckFailure[] {
    const key = keyIn(args, unique);
    if (key === undefined) return [];
    const first = declarers.get(key) ?? urn;
    declarers.set(key, first);
    const reason = `is that of ${first.split("::").at(-1)} too, and it is unique in ${scopeOf(unique)}`;
    return first === urn ? [] : [{ property: unique.at(-1) ?? "", reason }];
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
        fresh.add(urn);
        created.set(key, [...(created.get(key) ?? []), urn]);
      }
      return uniques.flatMap((unique) => rivalry(args, unique, urn));
    },
    guarantor: () => guarantor,
    // The engine lets a policy change arguments after the check, and does not have them checked again.
    includes: (args) => declared.has(keyOf(args)) || uniques.some((unique) => declarerOf(args, unique) !== undefined),
    urnOf(args) {
      const urn = created.get(keyOf(args))?.shift() ?? uniques.map((unique) => declarerOf(args, unique)).find(isNew);
      if (urn !== undefined) begun.add(urn);
      return urn;
    },
    createsLike: (state) => uniques.some((unique) => isNew(declarerOf(state, unique))),
    awaitsLike: (state) =>
      uniques.map((unique) => declarerOf(state, unique)).find((urn) => isNew(urn) && !begun.has(urn ?? "")),
  };
}

/** The same text for the same arguments, in whatever order their properties come. */
const keyOf = (args: object): string =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
