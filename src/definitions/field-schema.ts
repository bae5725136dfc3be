import { z } from "zod";
export interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** What it has to match, and that in words, as it follows "must be". */
  readonly pattern?: readonly [{ test(text: string): boolean }, string];
}

/** Lengths count Unicode code points, as the API's own validation does. */
export function textSchema({ min = 0, max, pattern }: TextRule): z.ZodType<string> {
  return z.string({ error: (issue) => `must be a string, not ${typeName(issue.input)}` }).superRefine((value, ctx) => {
    const length = [...value].length;
    if (!value.isWellFormed()) ctx.addIssue("must be valid Unicode; it holds half of a surrogate pair");
    else if (value.includes("\0")) ctx.addIssue("must not hold a NUL character");
    else if (length < min || length > max) {
      ctx.addIssue(`must be ${min} to ${max} characters long; it has ${length}`);
    } else if (pattern && !pattern[0].test(value)) ctx.addIssue(`must be ${pattern[1]}`);
  });
}

export const longTextSchema = () => z.string({ error: (issue) => `must be a string, not ${typeName(issue.input)}` });

export function mapSchema(rule: { readonly key: TextRule; readonly value: TextRule; readonly max?: number }) {
  const { max = Number.POSITIVE_INFINITY } = rule;
  const pairs = z
    .record(textSchema(rule.key), textSchema(rule.value), {
      error: (issue) =>
        issue.code === "invalid_type" ? `must be an object of strings, not ${typeName(issue.input)}` : undefined,
    })
    .superRefine((given, ctx) => {
      const count = Object.keys(given).length;
      if (count > max) ctx.addIssue(`must have at most ${max} pairs; it has ${count}`);
    });
  return z
    .unknown()
    .superRefine((given, ctx) => {
      const key = lostKeyIn(given);
      if (key !== undefined) ctx.addIssue(`must not have the key "${key}", which a Pulumi program cannot hold`);
    })
    .pipe(pairs);
}

export const flagsSchema = (names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, flagSchema().optional()])), {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a feature; the features are ${names.join(", ")}`
        : `must be an object of true and false, not ${typeName(issue.input)}`,
  });

export const flagSchema = () => z.boolean({ error: (issue) => `must be true or false, not ${typeName(issue.input)}` });

/**
 * The key of `value` that no program can declare, if it has one: JavaScript loses the first without a word wherever an
 * object is copied key by key, and Pulumi's SDK makes a string of every object, which the second makes throw.
 */
export function lostKeyIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return ["__proto__", "toString"].find((key) => Object.hasOwn(value, key));
}

export function typeName(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

export const textsSchema = (each: TextRule, max: number): z.ZodType<readonly string[]> =>
  z
    .array(textSchema(each), { error: (issue) => `must be a list of strings, not ${typeName(issue.input)}` })
    .superRefine((list, ctx) => {
      if (list.length > max) ctx.addIssue(`must have at most ${max} entries; it has ${list.length}`);
      const double = list.find((one, index) => list.indexOf(one) < index);
      if (double !== undefined) ctx.addIssue("must not have duplicate entries");
    });

export const choiceSchema = <T extends string>(of: readonly T[], error: string) =>
  z.enum(of, { error }) as z.ZodType<T>;

export const wholeSchema = ({ min, max }: { readonly min: number; readonly max: number }): z.ZodType<number> =>
  z.number({ error: (issue) => `must be a whole number, not ${typeName(issue.input)}` }).superRefine((value, ctx) => {
    if (!Number.isInteger(value) || value < min || value > max)
      ctx.addIssue(`must be a whole number, ${min} to ${max}`);
  });
