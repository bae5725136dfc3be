import type { Definition, Values } from "../definitions/definition.ts";
import { isOn, same, type Want, type Wants } from "../definitions/want.ts";

/**
 * The paths of what a program declares of a resource: fields, and single entries of a field that it owns entry by entry, such
 * as `features.sso`, or `metadata.tier` if it owns only the declared keys. Presence decides, whatever the value.
 */
export type Declaration = readonly string[];

/** What the arguments declare. */
export const declaredBy = (definition: Definition, args: Values): Declaration =>
  Object.keys(definition.fields).flatMap((name) => {
    const value = args[name];
    if (value === undefined || isFallback(definition, name, value)) return [];
    return ownsEntries(definition, args, name) ? pathsOf(name, value) : [name];
  });

/** Whether a program owns only the entries that it declares, and not the whole field. */
export function ownsEntries({ fields }: Definition, args: Values, name: string): boolean {
  const rule = fields[name]?.rule;
  return (
    rule?.type === "flags" || (rule?.type === "map" && rule.ownedBy !== undefined && args[rule.ownedBy] === "declared")
  );
}

/** Whether a state shows only the map entries that the program declares. */
export const hidesEntries = (definition: Definition, values: Values): boolean =>
  Object.entries(definition.fields).some(
    ([name, { rule }]) => rule.type === "map" && ownsEntries(definition, values, name),
  );

/** Whether a provider-only field has the value that holds by default. */
export const isFallback = ({ fields }: Definition, name: string, value: unknown): boolean =>
  fields[name]?.providerOnly === true && value === fields[name]?.fallback;

export const isDeclared = (declaration: Declaration, name: string): boolean =>
  declaration.some((path) => path === name || path.startsWith(`${name}.`));

/** The entries of a field that are declared one by one. */
export const entriesIn = (declaration: Declaration, name: string): string[] =>
  declaration.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));

/** What an interrupted run may have declared: any field, and the entries that it recorded. */
export const everythingAnd = ({ fields }: Definition, noted: readonly string[]): Declaration => [
  ...Object.keys(fields).filter((name) => fields[name]?.rule.type !== "flags" && !fields[name]?.providerOnly),
  ...noted.filter((path) => path.includes(".")),
];

/**
 * What an update has to reach: what the program declares, and an empty field where it declared something `before`. Nothing is
 * wanted of a field that was never declared.
 */
export function wantsOf(definition: Definition, args: Values, before: Declaration, live: Values): Wants {
  const wants: Record<string, Want> = {};
  for (const [name, field] of Object.entries(definition.fields)) {
    if (field.replaces || field.providerOnly) continue;
    const want = wantOf(definition, name, args, before, live);
    if (want !== undefined) wants[name] = want;
  }
  return wants;
}

function wantOf(
  definition: Definition,
  name: string,
  args: Values,
  before: Declaration,
  live: Values,
): Want | undefined {
  const { fields } = definition;
  const value = args[name];
  const isDropped = value === undefined && isDeclared(before, name);
  switch (fields[name]?.rule.type) {
    case "flags": {
      const off = entriesIn(before, name).map((flag) => [flag, false] as const);
      const asked = Object.entries((value ?? {}) as object).filter(([, on]) => on !== undefined);
      const set = Object.fromEntries([...off, ...asked]);
      return Object.keys(set).length > 0 ? { set } : undefined;
    }
    case "map": {
      if (value === undefined && !isDropped) return undefined;
      const set = (value ?? {}) as Readonly<Record<string, string>>;
      // A program gives up only what it owned. When its keys go together with `metadataOwnership`, the keys of others stay.
      const wasByEntry = value === undefined && !before.includes(name);
      if (!wasByEntry && !ownsEntries(definition, args, name)) return { set, unset: "others" };
      // A state that owned all keys does not say which of them the program had declared.
      const given = before.includes(name) ? [] : entriesIn(before, name);
      const there = (live[name] ?? {}) as object;
      return { set, unset: given.filter((key) => !Object.hasOwn(set, key) && Object.hasOwn(there, key)) };
    }
    default:
      if (!same(value, undefined)) return { set: value };
      // An empty value clears the field. A field that cannot be cleared stays.
      return (isDropped || value !== undefined) && "empty" in (fields[name] ?? {}) && !same(live[name], undefined)
        ? { unset: true }
        : undefined;
  }
}

const pathsOf = (name: string, value: unknown): string[] =>
  Object.entries((value ?? {}) as object)
    .filter(([, inner]) => inner !== undefined)
    .map(([key]) => `${name}.${key}`);

/** The flags as the state shows them. A declared flag that is off is shown, although Scalekit may leave it out. */
export const shownFlags = (value: unknown, declared: readonly string[]): unknown => {
  const shown = { ...Object.fromEntries(declared.map((flag) => [flag, isOn(value, flag)])), ...(value as object) };
  return Object.keys(shown).length > 0 ? shown : undefined;
};
