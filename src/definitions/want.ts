import type { Definition, Values } from "./definition.ts";
import type { Field } from "./field.ts";

/**
 * What an update wants of one field: to have the value `set`, and to lose `unset`. `true` means the whole value; for a map it
 * may be some keys, or all `others` than those in `set`.
 */
export interface Want {
  readonly set?: unknown;
  readonly unset?: true | "others" | readonly string[];
}

export type Wants = Readonly<Record<string, Want>>;

/** The fields in which `live` is not as wanted. */
export const unmetFields = ({ fields }: Definition, wants: Wants, live: Values): string[] =>
  Object.keys(wants).filter((name) => unmetIn(fields[name], name, wants[name] ?? {}, live[name]).length > 0);

/** The paths in which `live` is not as wanted: single flags, and otherwise fields. */
export const unmetPaths = ({ fields }: Definition, wants: Wants, live: Values): string[] =>
  Object.entries(wants).flatMap(([name, want]) => unmetIn(fields[name], name, want, live[name]));

/** Whether a field must lose something. */
export const isRemoval = (want: Want, value: unknown): boolean =>
  want.unset === true ? !same(value, undefined) : keysToRemove(want, value).length > 0;

function unmetIn(field: Field | undefined, name: string, want: Want, value: unknown): string[] {
  switch (field?.rule.type) {
    case "flags":
      return Object.entries(want.set as object)
        .filter(([flag, on]) => isOn(value, flag) !== on)
        .map(([flag]) => `${name}.${flag}`);
    case "map":
      return keysToRemove(want, value).length > 0 || isMissing(want, value) ? [name] : [];
    default:
      return same(want.set, value) ? [] : [name];
  }
}

/** The keys of a map that must be removed. */
export function keysToRemove({ set, unset }: Want, value: unknown): string[] {
  if (unset === undefined || typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  return unset === "others" || unset === true
    ? keys.filter((key) => !Object.hasOwn((set ?? {}) as object, key))
    : keys.filter((key) => unset.includes(key));
}

/** The value of a field once it is as wanted. Entries of others stay. */
export function wantedValue(field: Field | undefined, want: Want, value: unknown): unknown {
  if (field?.rule.type !== "map" && field?.rule.type !== "flags") return want.set;
  const gone = keysToRemove(want, value);
  const kept = Object.entries((value ?? {}) as object).filter(([key]) => !gone.includes(key));
  return { ...Object.fromEntries(kept), ...(want.set as object) };
}

const isMissing = ({ set }: Want, value: unknown): boolean =>
  Object.entries((set ?? {}) as object).some(([key, wanted]) => entryOf(value, key) !== wanted);

export const entryOf = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Values)[key] : undefined;

/** A flag that the API does not show is off. */
export const isOn = (flags: unknown, name: string): boolean => entryOf(flags, name) === true;

/**
 * What stands for a value that a preview cannot know yet.
 * Source: `rpc.unknownValue` in @pulumi/pulumi, which this module must not load.
 */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether two values mean the same. Empty and absent are the same, and lists have no order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return a !== unknown;
  const [x, y] = [JSON.stringify(canonical(a)), JSON.stringify(canonical(b))];
  return x === y && !x.includes(unknown);
}

/** The one form of all values that mean the same. */
export function canonical(value: unknown): unknown {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical).sort();
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, canonical(inner)] as const);
  return entries.length === 0 ? null : Object.fromEntries(entries.sort(([x], [y]) => (x < y ? -1 : 1)));
}
