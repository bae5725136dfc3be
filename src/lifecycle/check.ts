import type { z } from "zod";
import { features, fields, options, organizationArgs } from "../schema.ts";

export interface CheckFailure {
  /** The path of the property, as Pulumi writes it: `displayName`, `metadata.tier`, `metadata["cost center"]`. */
  readonly property: string;
  readonly reason: string;
}

/**
 * What stands for a value that a preview cannot know yet.
 * Source: `rpc.unknownValue` in @pulumi/pulumi, which this module must not load.
 */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Every limit of the API that `args` break. A value that is not known yet breaks none. */
export function check(args: Readonly<Record<string, unknown>>): CheckFailure[] {
  const result = organizationArgs.safeParse(args);
  if (result.success) return [];
  return failuresOf(result.error.issues, args, []);
}

/** What `issues` say of `value`, which stands at `path`; but for what is not known yet. */
export const failuresOf = (issues: readonly z.core.$ZodIssue[], value: unknown, path: readonly string[]) =>
  issues
    .filter((issue) => valueAt(value, issue.path) !== unknown)
    .flatMap((issue) => failuresIn({ ...issue, path: [...path, ...issue.path] }));

function failuresIn(issue: z.core.$ZodIssue): CheckFailure[] {
  const property = propertyPath(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        property: propertyPath([...issue.path, key]),
        reason: `${issue.message}${didYouMean(key, issue.path.length === 0 ? [...fields, ...options] : features)}`,
      }));
    case "invalid_key":
      return issue.issues.map(({ message }) => ({ property, reason: `its key ${message}` }));
    default:
      return [{ property, reason: issue.message }];
  }
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);

const propertyPath = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .reduce(
      (done, key) => (/^[a-z_$][\w$]*$/i.test(key) ? `${done}${done && "."}${key}` : `${done}[${JSON.stringify(key)}]`),
      "",
    );

/** `external_id`, `dir_sync` and the like are what a hand used to the API types. */
function didYouMean(key: string, names: readonly string[]): string {
  const bare = (name: string) => name.replaceAll(/[^a-z]/gi, "").toLowerCase();
  const meant = names.find((name) => bare(name) === bare(key));
  return meant ? `; did you mean ${meant}?` : "";
}
