import { z } from "zod";
import { typeName } from "../schema.ts";

/** One argument of a resource: what a program may declare, and how it is said to Scalekit. */
export interface Field<Value = unknown> {
  readonly schema: z.ZodType<Value>;
  readonly required: boolean;
  /** What values may be, as data: what tests draw samples from. */
  readonly rule: Rule;
  /** The limits in words, for the documentation: "1 to 100 characters". */
  readonly limits: string;
  /** Whether another value makes another resource of it, because the API cannot change it. */
  readonly replaces: boolean;
  /** Its name on the wire, where that is not its own in snake_case. */
  readonly wire?: string | undefined;
  /** What is sent to clear it. Absent where there is no way: then it stays as it is when a program no longer declares it. */
  readonly empty?: unknown;
  /** Scalekit refuses to clear it, so taking it out of a program is refused at preview. */
  readonly unclearable?: boolean;
  /** Never sent: it says how the resource is managed. */
  readonly local?: boolean;
  /** The kind of resource whose names it holds. */
  readonly names?: string;
  /** The properties of a request that say it, or that clear it, where that is not one property with its value. */
  say?(value: Value | undefined): Readonly<Record<string, unknown>>;
  /** Where the wire has it in another form. */
  encode?(value: Value): unknown;
  decode?(wire: unknown): unknown;
}

export type Rule =
  | ({ readonly type: "text" } & TextRule)
  | { readonly type: "texts"; readonly each: TextRule; readonly max?: number }
  | { readonly type: "choice"; readonly of: readonly string[] }
  | { readonly type: "whole"; readonly min: number; readonly max: number }
  | { readonly type: "flag" }
  | { readonly type: "pairs"; readonly key: TextRule; readonly value: TextRule };

export type Optional<Value> = Field<Value> & { readonly required: false };

/** The field as one that every program has to declare. */
export const required = <Value>(field: Optional<Value>): Field<Value> & { readonly required: true } => ({
  ...field,
  required: true,
});

interface Common {
  readonly replaces?: boolean;
  readonly wire?: string;
  readonly local?: boolean;
  readonly names?: string;
}

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  /** A pattern, and what it demands, as it follows "must be". */
  readonly pattern?: readonly [RegExp, string];
}

export function text(rule: TextRule & Common): Optional<string> {
  return {
    ...common(rule),
    rule: { type: "text", ...rule },
    schema: textSchema(rule),
    limits: wordsOf(rule),
    empty: "",
  };
}

export function texts(rule: { readonly each: TextRule; readonly max?: number } & Common): Optional<readonly string[]> {
  const { each, max = Number.POSITIVE_INFINITY } = rule;
  const schema = z
    .array(textSchema(each), { error: (issue) => `must be a list of strings, not ${typeName(issue.input)}` })
    .superRefine((list, ctx) => {
      if (list.length > max) ctx.addIssue(`must have at most ${max} entries; it has ${list.length}`);
      const double = list.find((one, index) => list.indexOf(one) < index);
      if (double !== undefined) ctx.addIssue("must not have an entry twice");
    });
  const limits = `${Number.isFinite(max) ? `at most ${max}, ` : ""}each ${wordsOf(each)}`;
  // What the API keeps in no order of its own is compared in one.
  return {
    ...common(rule),
    rule: { type: "texts", ...rule },
    schema,
    limits,
    empty: [],
    decode: (wire) => [...(wire as string[])].sort(),
  };
}

export function choice<const T extends string>(rule: { readonly of: readonly T[] } & Common): Optional<T> {
  const list = rule.of.map((one) => `"${one}"`).join(" or ");
  const schema = z.enum(rule.of, { error: `must be ${list}` }) as z.ZodType<T>;
  return { ...common(rule), rule: { type: "choice", ...rule }, schema, limits: list };
}

export function whole(rule: { readonly min: number; readonly max: number } & Common): Optional<number> {
  const limits = `${rule.min} to ${rule.max}`;
  const schema = z
    .number({ error: (issue) => `must be a whole number, not ${typeName(issue.input)}` })
    .superRefine((value, ctx) => {
      if (!Number.isInteger(value) || value < rule.min || value > rule.max)
        ctx.addIssue(`must be a whole number, ${limits}`);
    });
  // 64-bit numbers come as strings in JSON, as protobuf has it.
  return {
    ...common(rule),
    rule: { type: "whole", ...rule },
    schema,
    limits: `whole number, ${limits}`,
    decode: Number,
  };
}

export function flag(rule: Common = {}): Optional<boolean> {
  const schema = z.boolean({ error: (issue) => `must be true or false, not ${typeName(issue.input)}` });
  return { ...common(rule), rule: { type: "flag" }, schema, limits: "" };
}

/** String pairs, which the wire has as a list of keys and values. */
export function pairs(
  rule: { readonly key: TextRule; readonly value: TextRule } & Common,
): Optional<Readonly<Record<string, string>>> {
  return {
    ...common(rule),
    rule: { type: "pairs", ...rule },
    schema: z.record(textSchema(rule.key), textSchema(rule.value), {
      error: (issue) =>
        issue.code === "invalid_type" ? `must be an object of strings, not ${typeName(issue.input)}` : undefined,
    }),
    limits: `keys of ${wordsOf(rule.key)}, values of ${wordsOf(rule.value)}`,
    empty: [],
    encode: (given) => Object.entries(given).map(([key, value]) => ({ key, value })),
    decode: (wire) =>
      Object.fromEntries((wire as { key: string; value?: string }[]).map(({ key, value = "" }) => [key, value])),
  };
}

function common({ replaces = false, wire, local, names }: Common) {
  const named = { ...(wire !== undefined && { wire }), ...(names !== undefined && { names }) };
  return { required: false as const, replaces, ...named, ...(local && { local }) };
}

/** Lengths count Unicode code points, as the API's own validation does. */
function textSchema({ min = 0, max, pattern }: TextRule): z.ZodType<string> {
  return z.string({ error: (issue) => `must be a string, not ${typeName(issue.input)}` }).superRefine((value, ctx) => {
    const length = [...value].length;
    if (!value.isWellFormed()) ctx.addIssue("must be valid Unicode; it holds half of a surrogate pair");
    else if (value.includes("\0")) ctx.addIssue("must not hold a NUL character");
    else if (length < min || length > max) {
      ctx.addIssue(`must be ${min} to ${max} characters long; it has ${length}`);
    } else if (pattern && !pattern[0].test(value)) ctx.addIssue(`must be ${pattern[1]}`);
  });
}

const wordsOf = ({ min = 0, max, pattern }: TextRule): string =>
  `${min === 0 ? "at most" : `${min} to`} ${max} characters${pattern ? `: ${pattern[1]}` : ""}`;
