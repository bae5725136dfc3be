import type { z } from "zod";
import { type Definition, isAdoptable, isReplacing, keyFieldsOf, type Values } from "../definitions/definition.ts";
import { lostKeyIn, typeName } from "../definitions/field-schema.ts";
import { unknown } from "../definitions/want.ts";

export interface CheckFailure {
  /** The path of the property, as Pulumi writes it: `displayName`, `metadata.tier`, `metadata["cost center"]`. */
  readonly property: string;
  readonly reason: string;
}

/** Every limit of the API that `args` break. An unknown value breaks none. */
export function checkArgs(definition: Definition, args: Values): CheckFailure[] {
  const { rules } = definition;
  const options = isAdoptable(definition) ? ["adopt"] : [];
  const failures = checkFields(definition, args, options);
  const { adopt } = args;
  if (options.length > 0 && adopt !== unknown && !["boolean", "undefined"].includes(typeof adopt)) {
    failures.push({ property: "adopt", reason: `must be true or false, not ${typeName(adopt)}` });
  }
  if (failures.length > 0) return failures;
  const missing = keyFieldsOf(definition)?.filter((name) => args[name] === undefined) ?? [];
  if (adopt === true && missing.length > 0) {
    return [
      {
        property: "adopt",
        reason: `needs ${withArticle(missing.join(" and "))}, by which the ${definition.noun} is found`,
      },
    ];
  }
  const known = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== unknown));
  return (rules?.(known) ?? []).map(([property, reason]) => ({ property, reason }));
}

/** Every name in `args` that is no field nor one of `options`, and every value that its field refuses. */
export function checkFields(
  { name: type, fields }: Pick<Definition, "name" | "fields">,
  args: Values,
  options: readonly string[] = [],
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const given of Object.keys(args)) {
    if (given in fields || options.includes(given)) continue;
    const all = [...Object.keys(fields), ...options];
    failures.push({
      property: propertyPath([given]),
      reason: `is not an argument of ${type}, which takes ${all.join(", ")}${didYouMean(given, all)}`,
    });
  }
  for (const [name, { schema, required }] of Object.entries(fields)) {
    const value = args[name];
    if (value === unknown || (value === undefined && !required)) continue;
    // An unknown entry is not checked.
    const given = Array.isArray(value) ? value.filter((entry) => entry !== unknown) : value;
    for (const issue of schema().safeParse(given).error?.issues ?? []) {
      if (valueAt(given, issue.path) === unknown) continue;
      for (const failure of failuresIn({ ...issue, path: [name, ...issue.path] }, fields)) failures.push(failure);
    }
  }
  return failures;
}

/** The fields that `args` no longer declare and Scalekit refuses to clear, unless the resource is replaced. */
export function checkRemovals(definition: Definition, olds: Values, args: Values): CheckFailure[] {
  const { fields, noun } = definition;
  const names = Object.keys(fields);
  const isReplaced = names.some((name) => isReplacing(definition, name) && olds[name] !== args[name]);
  const removed = names.filter(
    (name) => fields[name]?.unclearable && olds[name] !== undefined && args[name] === undefined,
  );
  const reason = `cannot be removed: Scalekit does not clear it. Declare it, or replace the ${noun} by \`pulumi up --replace\``;
  return isReplaced ? [] : removed.map((property) => ({ property, reason }));
}

/** Values that a Pulumi program cannot hold, as text that follows the resource's name. The SDK loses them, or fails without naming them. */
export function problemWithValues({ fields }: Pick<Definition, "fields">, args: Values): string | undefined {
  for (const [name, value] of Object.entries(args)) {
    const lost = isPlain(value) ? lostKeyIn(value) : undefined;
    if (lost !== undefined && fields[name])
      return `${name} must not have the key "${lost}", which a Pulumi program cannot hold`;
    const broken = brokenTextIn(value, [name]);
    if (broken) return `${broken.toWellFormed()} must be valid Unicode; it holds half of a surrogate pair`;
  }
  return undefined;
}

/** The path of a text or key that holds half of a surrogate pair. */
function brokenTextIn(value: unknown, path: readonly string[]): string | undefined {
  const [key = ""] = path.slice(-1);
  if ((typeof value === "string" && !value.isWellFormed()) || !key.isWellFormed()) return path.join(".");
  if (!isPlain(value) && !Array.isArray(value)) return undefined;
  for (const [inner, one] of Object.entries(value as object)) {
    const broken = brokenTextIn(one, [...path, inner]);
    if (broken !== undefined) return broken;
  }
  return undefined;
}

/** Whether `value` is an object without a class. Outputs, promises and other instances are not looked into. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A sandbox has an Object of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function failuresIn(issue: z.core.$ZodIssue, fields: Definition["fields"]): CheckFailure[] {
  const property = propertyPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const rule = fields[String(issue.path[0])]?.rule;
      const names = rule?.type === "flags" ? Object.keys(rule.of) : [];
      return issue.keys.map((key) => ({
        property: propertyPath([...issue.path, key]),
        reason: `${issue.message}${didYouMean(key, names)}`,
      }));
    }
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ property, reason: `its key ${message}` }));
    default:
      return [{ property, reason: issue.message }];
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** A property as the engine names it: `metadata.tier`, `metadata["cost center"]`. */
export const propertyPath = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .reduce(
      (done, key) => (/^[a-z_$][\w$]*$/i.test(key) ? `${done}${done && "."}${key}` : `${done}[${JSON.stringify(key)}]`),
      "",
    );

/** People who know the API type `external_id` or `dir_sync`. */
function didYouMean(key: string, names: readonly string[]): string {
  const bare = (name: string) => name.replaceAll(/[^a-z]/gi, "").toLowerCase();
  const meant = names.find((name) => bare(name) === bare(key));
  return meant ? `; did you mean ${meant}?` : "";
}

const withArticle = (words: string): string => `${/^[aeiou]/.test(words) ? "an" : "a"} ${words}`;
