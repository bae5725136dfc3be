import { type Field, fields, type Organization, sameMetadata } from "../schema.ts";
import { unknown } from "./check.ts";

/**
 * What Pulumi keeps of an organization: its outputs.
 *
 * A field that the program does not declare is left alone at Scalekit, and one that it declared before and no longer
 * does is cleared there. To tell the two apart, the fields that have a value which nobody declared are named in
 * `undeclared`; the engine shows a provider its earlier outputs but not its earlier inputs.
 */
export interface State extends Partial<Omit<Organization, "id">> {
  readonly undeclared?: readonly Field[];
}

/** Arguments as they come through the engine: plain JSON, not yet checked, perhaps not yet known. */
export type Args = Readonly<Partial<Record<Field, unknown>>>;

/** The fields that `args` declare. Presence decides, whatever the value. */
export const declaredBy = (args: Args): Field[] => fields.filter((field) => args[field] !== undefined);

/** The fields that the program declared when `state` was saved. */
export const declaredIn = (state: State): Field[] =>
  fields.filter((field) => state[field] !== undefined && !state.undeclared?.includes(field));

/** The outputs for an organization of which the program declares `declared`. Nothing that is unset takes up room. */
export function outputs(live: Organization, declared: readonly Field[]): State {
  const { id: _, metadata, ...rest } = live;
  const state = {
    ...rest,
    ...(declared.includes("metadata") || Object.keys(metadata).length > 0 ? { metadata } : {}),
  };
  const undeclared = fields.filter((field) => state[field] !== undefined && !declared.includes(field));
  return withoutUndefined(undeclared.length > 0 ? { ...state, undeclared } : state);
}

/** The organization that `state` remembers. */
export function remembered(id: string, state: State): Organization {
  const { undeclared: _, ...known } = state;
  return { displayName: "", metadata: {}, ...known, id };
}

/** The inputs that would have made `live`, so that the next preview shows drift as a difference to the program. */
export const inputs = (live: Organization, declared: readonly Field[]): Partial<Pick<Organization, Field>> =>
  withoutUndefined(Object.fromEntries(declared.map((field) => [field, live[field]])));

/** The fields in which the program asks for something else than what was saved, or stopped asking. */
export function changedFields(state: State, args: Args): Field[] {
  const before = declaredIn(state);
  return fields.filter((field) => {
    const declared = args[field] !== undefined;
    if (declared !== before.includes(field)) return true;
    return declared && !sameValue(state[field], args[field]);
  });
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a === unknown || b === unknown) return false;
  if (!isRecord(a) || !isRecord(b)) return a === b;
  return !Object.values(b).includes(unknown) && sameMetadata(a, b);
}

const isRecord = (value: unknown): value is Record<string, string> => typeof value === "object" && value !== null;

const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
