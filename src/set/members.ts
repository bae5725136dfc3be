import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { type Notes, notesKey, type State, withoutUndefined } from "../lifecycle/state.ts";
import { cellOf, cellsIn, inOrder, keyOf, readLine, type Tenant } from "./line.ts";

/** An organization that a set holds. */
export interface Member {
  /** The external ID by which the set knows it, whatever it has at Scalekit. */
  readonly key: string;
  readonly id: string;
  /** What is declared of it, as Scalekit has it. */
  readonly line: string;
  readonly updateTime?: string | undefined;
  /** Whether the answer to a change was lost. */
  readonly isUnsure?: boolean | undefined;
}

/** What the provider notes of a set. */
export interface SetNotes extends Pick<Notes, "environment" | "claim"> {
  /** The keys of those whose answers were lost. */
  readonly unsure?: readonly string[];
  /** A line for each member in the order of the ids: when it was last updated. */
  readonly updateTimes?: string;
}

export const setNotesIn = (state: Values): SetNotes => (state[notesKey] ?? {}) as SetNotes;

/** The members that a state holds, by key. */
export function membersIn(state: Values): Map<string, Member> {
  const { unsure = [], updateTimes = "" } = setNotesIn(state);
  const lines = linesIn(state["tenants"]);
  const times = updateTimes.split("\n");
  const doubtful = new Set(unsure);
  const members = new Map<string, Member>();
  for (const [index, pair] of textIn(state["idList"]).entries()) {
    const [key = "", id = ""] = cellsIn(pair);
    const line = lines.get(key) ?? key;
    members.set(key, { key, id, line, updateTime: times[index] || undefined, isUnsure: doubtful.has(key) });
  }
  return members;
}

/** The ids of the members that a state holds. No id holds a comma. */
export const idsIn = (state: Values): string[] =>
  textIn(state["idList"]).map((pair) => pair.slice(pair.lastIndexOf(",") + 1));

/** The lines of a set's text, by key. */
export const linesIn = (tenants: unknown): Map<string, string> =>
  new Map(textIn(tenants).map((line) => [keyOf(line), line]));

export const textIn = (text: unknown): string[] => (typeof text === "string" && text !== "" ? text.split("\n") : []);

/** The state of a set with these members. */
export function stateOfSet(
  { fields }: SetDefinition,
  members: Iterable<Member>,
  inputs: Values,
  { environment, claim }: SetNotes,
): State {
  const all = inOrder([...members]);
  const unsure = all.filter(({ isUnsure }) => isUnsure).map(({ key }) => key);
  const times = all.map(({ updateTime = "" }) => updateTime).join("\n");
  const settings = Object.keys(fields).map((name) => [name, inputs[name]]);
  const notes = withoutUndefined({
    environment,
    claim,
    unsure: unsure.length > 0 ? unsure : undefined,
    updateTimes: times.trim() === "" ? undefined : times,
  });
  return withoutUndefined({
    ...Object.fromEntries(settings),
    tenants: all.map(({ line }) => line).join("\n"),
    idList: all.map(({ key, id }) => `${cellOf(key)},${id}`).join("\n"),
    count: all.length,
    [notesKey]: notes,
  }) as State;
}

/** The state that a member would have as a resource of its own. */
export function stateOfMember(member: Member, shared: Values, { environment, claim }: SetNotes): State {
  const { formerExternalId: _, ...args } = readLine(member.line).args;
  return withoutUndefined({
    ...shared,
    ...args,
    updateTime: member.updateTime,
    [notesKey]: withoutUndefined({ environment, claim, unsure: member.isUnsure ? true : undefined }) as Notes,
  }) as State;
}

/** What a tenant declares of its organization. */
export function argsOf({ args }: Tenant, shared: Values): Values {
  const { formerExternalId: _, ...own } = args;
  return { ...shared, ...own };
}

/** A number as people write it: `9,875`. */
export const counted = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** How many external IDs a message names. */
export const shown = 10;

/** The first of these external IDs, and how many more there are. */
export function named(externalIds: readonly string[]): string {
  const more = externalIds.length - shown;
  return `${externalIds.slice(0, shown).join(", ")}${more > 0 ? ` and ${counted(more)} more` : ""}`;
}

/** The arguments of a set that hold for each tenant without a word of its own. */
export const sharedIn = ({ fields }: SetDefinition, inputs: Values): Values =>
  withoutUndefined(
    Object.fromEntries(
      Object.keys(fields)
        .filter((name) => fields[name]?.providerOnly)
        .map((name) => [name, inputs[name]]),
    ),
  );
