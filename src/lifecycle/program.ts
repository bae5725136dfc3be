import { type CheckFailure, unknown } from "./check.ts";
import type { Guarantor } from "./debts.ts";
import type { Args } from "./declaration.ts";
import { markIn, markOf } from "./holders.ts";
import { ledgerAt } from "./ledger.ts";

/**
 * What the program of this run declares, as the engine has its resources checked. The other verbs are told arguments and
 * not by which resource, so that is remembered by the arguments.
 */
export interface Program {
  /** The resource `urn` declares `args`; `exists` tells whether the state has it. Gives what is wrong between resources. */
  declare(args: Args, urn: string | undefined, exists: boolean, guarantee?: Guarantee): CheckFailure[];
  /** Who answers for what updates leave for later, if the program does. */
  guarantor(): Guarantor | undefined;
  /** Whether the program declares `args`; a refresh speaks of those of the run before. */
  declares(args: Args): boolean;
  /** The resource that `args` are to be created for, each once. */
  ownerOf(args: Args): string | undefined;
  /** The resource that declares what only one can have and `args` have, if one does. */
  declarerOf(args: Args): string | undefined;
  /** Whether a delete of `state` makes room for a create. */
  replaces(state: Claimed): boolean;
  /** The resource, by its URN, whose create is to come and that has this state, or is to have what only one can have. */
  successorOf(state: Claimed): string | undefined;
  /** Whether a create is still to come. */
  awaits(): boolean;
}

/** A state, which may say whose it is: see holders.ts. */
interface Claimed {
  readonly claim?: unknown;
}

/** That the program will look, at its end, at what is written to `ledger`; and how many organizations it has declared so far. */
interface Guarantee {
  readonly ledger: string;
  readonly among: number;
}

/** @param uniques the fields that no two resources may have alike: each by itself, or some together */
export function newProgram(uniques: readonly (readonly string[])[]): Program {
  const declared = new Set<string>();
  const created = new Map<string, string[]>();
  const declarers = new Map<string, string>();
  /** The resources that are to be created, and the same by what stands for them in a state. */
  const fresh = new Set<string>();
  const marked = new Map<string, string>();
  /** Those whose create has begun. */
  const begun = new Set<string>();
  const seen = new Set<string>();
  let among = 0;
  let guarantor: Guarantor | undefined;
  const isNew = (urn: string | undefined): urn is string => urn !== undefined && fresh.has(urn);

  function keyIn(args: Args, unique: readonly string[]): string | undefined {
    const values = unique.map((field) => (args as Readonly<Record<string, unknown>>)[field]);
    return values.some((value) => value === undefined || value === unknown)
      ? undefined
      : JSON.stringify([unique, values]);
  }

  const declarerOf = (args: Args, unique: readonly string[]): string | undefined =>
    declarers.get(keyIn(args, unique) ?? "");

  /** What is wrong where another resource declares what only one can have: the fields of `unique` together. */
  function rivalry(args: Args, unique: readonly string[], urn: string): CheckFailure[] {
    const key = keyIn(args, unique);
    if (key === undefined) return [];
    const first = declarers.get(key) ?? urn;
    declarers.set(key, first);
    const where = unique.includes("organizationId") ? "an organization" : "an environment";
    const reason = `is that of ${first.split("::").at(-1)} too, and it is unique in ${where}`;
    return first === urn ? [] : [{ property: unique.at(-1) ?? "", reason }];
  }

  const heirs = (state: object): string[] => uniques.map((unique) => declarerOf(state, unique)).filter(isNew);

  function successorOf({ claim, ...state }: Claimed): string | undefined {
    // Its own resource first: what only one can have may change hands in the same run.
    const own = typeof claim === "string" ? marked.get(markIn(claim) ?? "") : undefined;
    return [own, ...heirs(state)].find((urn) => isNew(urn) && !begun.has(urn));
  }

  return {
    declare(args, urn, exists, guarantee) {
      const key = keyOf(args);
      declared.add(key);
      if (urn === undefined) return [];
      seen.add(urn);
      among = Math.max(among, guarantee?.among ?? 0);
      if (guarantee) guarantor ??= { ...ledgerAt(guarantee.ledger), isMoreToCome: () => seen.size < among };
      if (!exists) {
        // The engine may have it checked more than once.
        const those = created.get(key) ?? [];
        if (!those.includes(urn)) created.set(key, [...those, urn]);
        fresh.add(urn);
        marked.set(markOf(urn), urn);
      }
      return uniques.flatMap((unique) => rivalry(args, unique, urn));
    },
    guarantor: () => guarantor,
    // The engine lets a policy change arguments after the check, and does not have them checked again.
    declares: (args) => declared.has(keyOf(args)) || uniques.some((unique) => declarerOf(args, unique) !== undefined),
    ownerOf(args) {
      const urn = created.get(keyOf(args))?.shift() ?? uniques.map((unique) => declarerOf(args, unique)).find(isNew);
      if (urn !== undefined) begun.add(urn);
      return urn;
    },
    declarerOf: (args) => uniques.map((unique) => declarerOf(args, unique)).find((urn) => urn !== undefined),
    replaces: (state) => heirs(state).length > 0 || successorOf(state) !== undefined,
    successorOf,
    awaits: () => fresh.size > begun.size,
  };
}

/** The same text for the same arguments, in whatever order their properties come. */
const keyOf = (args: object): string =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
