import type { Definition, Values } from "../../definitions/definition.ts";
import { entryOf, same } from "../../definitions/want.ts";
import { propertyPath } from "../../lifecycle/check.ts";

/** One difference between the arguments of two runs. */
export interface Change {
  /** The field that it is in. */
  readonly field: string;
  /** Where it is, in the engine's form: `metadata.tier`, `metadata["cost center"]`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
}

/** Where the arguments of a program differ from those of the run before: single entries of a map, and otherwise fields. */
export const changesBetween = ({ fields }: Pick<Definition, "fields">, before: Values, now: Values): Change[] =>
  Object.keys(fields).flatMap((field) => {
    const [old, fresh] = [before[field], now[field]];
    if (!isMap(old) || !isMap(fresh)) return changeOf(field, [field], old, fresh);
    const keys = new Set([...Object.keys(old), ...Object.keys(fresh)]);
    return [...keys].flatMap((key) => changeOf(field, [field, key], entryOf(old, key), entryOf(fresh, key)));
  });

function changeOf(field: string, path: readonly string[], old: unknown, fresh: unknown): Change[] {
  if (same(old, fresh)) return [];
  const kind = old === undefined ? "add" : fresh === undefined ? "delete" : "update";
  return [{ field, path: propertyPath(path), kind }];
}

const isMap = (value: unknown): value is object => typeof value === "object" && value !== null && !Array.isArray(value);
