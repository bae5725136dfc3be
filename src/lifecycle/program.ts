import { type CheckFailure, unknown } from "./check.ts";
import type { Args } from "./declaration.ts";

/**
 * What the program of this run declares, as the engine has its resources checked. The other verbs are told arguments and
 * not by which resource, so that is remembered by the arguments.
 */
export interface Program {
  /** The resource `urn` declares `args`; `exists` tells whether the state has it. Gives what is wrong between resources. */
  declare(args: Args, urn: string | undefined, exists: boolean): CheckFailure[];
  /** Whether the program declares `args`; a refresh speaks of those of the run before. */
  declares(args: Args): boolean;
  /** The resource that `args` are to be created for, each once. */
  ownerOf(args: Args): string | undefined;
  /** Whether an organization is to be created with this external ID. */
  creates(externalId: string | undefined): boolean;
}

export function newProgram(): Program {
  const declared = new Set<string>();
  const created = new Map<string, string[]>();
  const createdExternalIds = new Set<unknown>();
  const byExternalId = new Map<unknown, string>();

  function rivalry(externalId: unknown, urn: string): CheckFailure[] {
    if (externalId === undefined || externalId === unknown) return [];
    const first = byExternalId.get(externalId) ?? urn;
    byExternalId.set(externalId, first);
    const reason = `is that of ${first.split("::").at(-1)} too, and it is unique in an environment`;
    return first === urn ? [] : [{ property: "externalId", reason }];
  }

  return {
    declare(args, urn, exists) {
      const key = keyOf(args);
      declared.add(key);
      if (urn === undefined) return [];
      if (!exists) {
        created.set(key, [...(created.get(key) ?? []), urn]);
        createdExternalIds.add(args.externalId);
      }
      return rivalry(args.externalId, urn);
    },
    declares: (args) => declared.has(keyOf(args)),
    ownerOf: (args) => created.get(keyOf(args))?.shift(),
    creates: (externalId) => externalId !== undefined && createdExternalIds.has(externalId),
  };
}

/** The same text for the same arguments, in whatever order their properties come. */
const keyOf = (args: object): string =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
