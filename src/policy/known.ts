import { unknown } from "../definitions/want.ts";

/** What stands for a secret in the analysis of a state that cannot be decrypted. */
const redacted = "[secret]";

/**
 * The properties of a resource as plain values, each that nobody can know yet being `unknown`.
 *
 * The properties that a policy gets throw when it reads an unknown value, and that ends the rule: one unknown name would keep a
 * rule from the metadata. The error's class is that of @pulumi/policy as the pack has it,
 * which need not be the copy that this package finds, so the error is known by its shape.
 */
export const settled = (properties: object): Record<string, unknown> => settle(properties) as Record<string, unknown>;

export const isKnown = (value: unknown): boolean => value !== unknown;

function settle(value: unknown): unknown {
  if (value === redacted) return unknown;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => settle(read(value, index)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, settle(read(value, key))]));
}

function read(object: object, key: PropertyKey): unknown {
  try {
    return (object as Record<PropertyKey, unknown>)[key];
  } catch (error) {
    if (typeof error === "object" && error !== null && "unknownTypeSentinel" in error) return unknown;
    throw error;
  }
}
