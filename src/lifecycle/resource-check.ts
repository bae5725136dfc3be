import type { Definition } from "../definitions/definition.ts";
import { type CheckFailure, failuresOf, unknown } from "./check.ts";

/** Every limit of the API that `args` break. A value that is not known yet breaks none. */
export function checkResource({ name, fields, rules, api }: Definition, args: Readonly<Record<string, unknown>>) {
  const failures: CheckFailure[] = [];
  const options = "unique" in api ? ["adopt"] : [];
  for (const given of Object.keys(args)) {
    if (given in fields || options.includes(given)) continue;
    failures.push({
      property: given,
      reason: `is not an argument of ${name}, which takes ${[...Object.keys(fields), ...options].join(", ")}`,
    });
  }
  for (const [field, { schema, required }] of Object.entries(fields)) {
    const value = args[field];
    if (value === unknown || (value === undefined && !required)) continue;
    // Entries that are not known yet may be as many others.
    const given = Array.isArray(value) ? value.filter((entry) => entry !== unknown) : value;
    const { error } = schema.safeParse(given);
    for (const failure of failuresOf(error?.issues ?? [], given, [field])) failures.push(failure);
  }
  if (options.length > 0 && !["boolean", "undefined"].includes(typeof args["adopt"]) && args["adopt"] !== unknown) {
    failures.push({ property: "adopt", reason: "must be true or false" });
  }
  if (failures.length > 0) return failures;
  const known = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== unknown));
  return (rules?.(known) ?? []).map(([property, reason]) => ({ property, reason }));
}

/** The fields that `args` no longer declare and Scalekit refuses to clear, unless another resource is to take the place of this one. */
export function checkRemovals({ fields, noun }: Definition, olds: Given, args: Given): CheckFailure[] {
  const names = Object.keys(fields);
  const isReplaced = names.some((name) => fields[name]?.replaces && olds[name] !== args[name]);
  const taken = names.filter(
    (name) => fields[name]?.unclearable && olds[name] !== undefined && args[name] === undefined,
  );
  const reason = `cannot be taken out: Scalekit does not clear it. Declare it, or replace the ${noun} by \`pulumi up --replace\``;
  return isReplaced ? [] : taken.map((property) => ({ property, reason }));
}

type Given = Readonly<Record<string, unknown>>;
