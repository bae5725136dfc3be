import { invalid, malformed, type Violation } from "./status.ts";

/**
 * A field of a message, with what the API requires of it, as its protobuf says it. `required` has to be given. `optional`
 * tells an empty value that is given from one that is not; in the other fields they are the same, as in plain protobuf.
 */
export type Field = (Text | Choice | Flag | Whole | Items | Pairs | Part) & {
  readonly required?: true;
  readonly optional?: true;
};
/** Lengths are in code points, as protovalidate counts. */
export type Text = {
  readonly type: "text";
  readonly min?: number;
  readonly max?: number;
  readonly prefix?: string;
  readonly pattern?: RegExp;
  readonly in?: readonly string[];
};
type Choice = { readonly type: "choice"; readonly of: readonly string[] };
type Flag = { readonly type: "flag" };
/** 64 bits are a string in protobuf's JSON; a number is taken too. */
type Whole = { readonly type: "whole"; readonly bits: 32 | 64; readonly min?: number };
type Items = { readonly type: "items"; readonly each: Field; readonly min?: number; readonly max?: number };
type Pairs = {
  readonly type: "pairs";
  readonly keys: Text;
  readonly values: Text;
  readonly max: number;
  /** Whether a value may be null, to remove the pair. */
  readonly nulls: boolean;
};
type Part = { readonly type: "part"; readonly fields: Message };

/** The fields of a body, or of a path, by name. */
export type Message = Readonly<Record<string, Field>>;

/** What a body is, once it passed. */
export type Body<M extends Message> = { -readonly [K in keyof M]?: Value<M[K]> | null };
type Value<F> = F extends { type: "text" | "choice" }
  ? string
  : F extends { type: "flag" }
    ? boolean
    : F extends { type: "whole" }
      ? number | string
      : F extends { type: "items"; each: infer E }
        ? Value<E>[]
        : F extends { type: "pairs" }
          ? Record<string, string | null>
          : F extends { type: "part"; fields: infer P extends Message }
            ? Body<P>
            : never;

/** The body that was sent, or the error that says every rule it breaks. `at` is the name of the body in violations. */
export function read<M extends Message>(message: M, sent: unknown, at: string): Body<M> {
  if (!isObject(sent)) throw malformed("the body must be a JSON object");
  requireTypes(message, sent);
  throwIfAny(violationsOf(message, sent, at === "" ? "" : `${at}.`));
  return sent as Body<M>;
}

/** Throws if there are any violations, all of them at once. */
export function throwIfAny(violations: Iterable<Violation>): void {
  const all = [...violations];
  if (all.length > 0) throw invalid(all);
}

export const violation = (field: string, description: string, constraint: string): Violation => ({
  field,
  description,
  constraint,
});

/** What protobuf takes for not given in a field that is not `optional`. */
export const isEmpty = (value: unknown): boolean =>
  value === "" || value === 0 || value === "0" || value === false || (Array.isArray(value) && value.length === 0);

function requireTypes(message: Message, sent: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(sent)) {
    const field = Object.hasOwn(message, name) ? message[name] : undefined;
    if (!field) throw malformed(`could not find field "${name}"`);
    if (value !== null) requireType(field, value, name);
  }
}

function requireType(field: Field, value: unknown, name: string): void {
  switch (field.type) {
    case "text":
      if (typeof value !== "string") throw malformed(`invalid value for string field ${name}`);
      return;
    case "choice":
      if (!field.of.includes(value as string)) throw malformed(`invalid value for enum field ${name}`);
      return;
    case "flag":
      if (typeof value !== "boolean") throw malformed(`invalid value for bool field ${name}`);
      return;
    case "whole":
      if (!isWhole(value, field.bits)) throw malformed(`invalid value for int${field.bits} field ${name}`);
      return;
    case "items":
      if (!Array.isArray(value)) throw malformed(`unexpected token in list field ${name}`);
      for (const item of value) requireType(field.each, item, name);
      return;
    case "pairs":
      if (!isObject(value)) throw malformed(`unexpected token in map field ${name}`);
      for (const inner of Object.values(value)) {
        // protojson allows no null inside a map; a server of another making may take it for "remove this key".
        if (typeof inner !== "string" && !(inner === null && field.nulls)) {
          throw malformed("invalid value for string field value");
        }
      }
      return;
    case "part":
      if (!isObject(value)) throw malformed(`unexpected token in message field ${name}`);
      requireTypes(field.fields, value);
  }
}

function isWhole(value: unknown, bits: 32 | 64): boolean {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (bits === 64 || Math.abs(number as number) < 2 ** 31);
}

function* violationsOf(message: Message, body: Record<string, unknown>, at: string): Generator<Violation> {
  for (const [name, field] of Object.entries(message)) {
    const given = body[name] ?? undefined;
    if (field.required && (given === undefined || (given === "" && !field.optional))) {
      yield violation(at + name, "value is required", "required");
    } else if (given !== undefined || (field.type === "text" && !field.optional)) {
      yield* broken(field, given ?? "", at + name);
    }
  }
}

function* broken(field: Field, value: unknown, at: string): Generator<Violation> {
  switch (field.type) {
    case "text":
      yield* brokenText(field, value as string, at);
      return;
    case "whole":
      if (field.min !== undefined && Number(value) < field.min) {
        yield violation(at, `value must be greater than or equal to ${field.min}`, `int${field.bits}.gte`);
      }
      return;
    case "items": {
      const items = value as unknown[];
      const { min = 0, max = Number.POSITIVE_INFINITY, each } = field;
      if (items.length < min) yield violation(at, `value must contain at least ${min} item(s)`, "repeated.min_items");
      if (items.length > max)
        yield violation(at, `value must contain no more than ${max} item(s)`, "repeated.max_items");
      for (const [index, item] of items.entries()) yield* broken(each, item, `${at}[${index}]`);
      return;
    }
    case "pairs": {
      const pairs = Object.entries(value as Record<string, string | null>);
      if (pairs.length > field.max) {
        yield violation(at, `value must contain at most ${field.max} pair(s)`, "map.max_pairs");
      }
      for (const [key, inner] of pairs) {
        yield* brokenText(field.keys, key, `${at}["${key}"]`, "key ");
        if (inner !== null) yield* brokenText(field.values, inner, `${at}["${key}"]`);
      }
      return;
    }
    case "part":
      yield* violationsOf(field.fields, value as Record<string, unknown>, `${at}.`);
  }
}

function* brokenText(rule: Text, value: string, at: string, what = "value "): Generator<Violation> {
  const { min = 0, max = Number.POSITIVE_INFINITY, prefix = "", pattern } = rule;
  const characters = [...value].length;
  if (characters < min) yield violation(at, `${what}length must be at least ${min} characters`, "string.min_len");
  if (characters > max) yield violation(at, `${what}length must be at most ${max} characters`, "string.max_len");
  if (!value.startsWith(prefix)) yield violation(at, `${what}does not have prefix \`${prefix}\``, "string.prefix");
  if (pattern && !pattern.test(value)) yield violation(at, `${what}does not match the pattern`, "string.pattern");
  if (rule.in && !rule.in.includes(value)) yield violation(at, `${what}must be in list`, "string.in");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
