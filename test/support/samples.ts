import { type Definition, isSetting, ownerField } from "../../src/definitions/definition.ts";
import type { Field, Rule } from "../../src/definitions/field.ts";
import type { TextRule } from "../../src/definitions/field-schema.ts";
import { checkArgs } from "../../src/lifecycle/check.ts";

export type Args = Readonly<Record<string, unknown>>;

/** An organization's id, for what is only checked. */
export const someOrganization = "org_59615193906282635";

/** Values that a field takes, each another one, and the plainest first. */
export function valuesOf({ schema, rule }: Field): unknown[] {
  return [...each(rule)].filter((value) => schema().safeParse(value).success);
}

function* each(rule: Rule): Generator<unknown> {
  const lengths = (one: TextRule) => [Math.min(one.max, Math.max(one.min ?? 0, 8))];
  switch (rule.type) {
    case "text":
      for (const length of lengths(rule)) for (const letter of "abcd") yield* textsOf(length, letter);
      yield 'Ünï "code" 🏢';
      return;
    case "texts":
      for (const letters of ["ba", "abc", "c"]) yield [...letters].map((letter) => letter.repeat(rule.each.min ?? 8));
      for (const letters of ["ba", "abc", "c"]) yield [...letters].map((letter) => [...textsOf(8, letter)][1]);
      return;
    case "choice":
      yield* rule.of;
      return;
    case "whole":
      for (const value of [60, 120, 30, 12, 10]) yield rule.min + value;
      return;
    case "flag":
      yield* [true, false];
      return;
    case "pairs":
      yield* [{ b: "2", a: "1" }, { a: "3" }, { c: "🏢" }];
      return;
    case "map":
      yield* [{ tier: "gold", plan: "annual" }, { plan: "monthly" }, { "cost center": "🏢" }];
      return;
    case "flags": {
      const [first = "", second = ""] = Object.keys(rule.of);
      yield* [{ [first]: true }, { [first]: false, [second]: true }, { [second]: false }];
    }
  }
}

/** What is just allowed in a field, and what is one past it or of another type. */
export function edgesOf({ rule }: Field): { good: unknown[]; bad: unknown[] } {
  switch (rule.type) {
    case "text":
      return { good: edges(rule).good, bad: [...edges(rule).bad, 7, null, {}, "\0", "\ud800"] };
    case "texts": {
      const { good, bad } = edges(rule.each);
      const many = (count: number) => Array.from({ length: count }, (_, n) => `entry${n}`);
      const full = rule.max === undefined ? [] : [many(rule.max)];
      const over = rule.max === undefined ? [] : [many(rule.max + 1)];
      return {
        good: [[], ...good.map((one) => [one]), ...full],
        bad: [...bad.map((one) => [one]), ...over, ["twice", "twice"], "text", [7]],
      };
    }
    case "choice":
      return { good: [...rule.of], bad: ["", `${rule.of[0]} `, 7] };
    case "whole":
      return { good: [rule.min, rule.max], bad: [rule.min - 1, rule.max + 1, rule.min + 0.5, "60", Number.NaN] };
    case "flag":
      return { good: [true, false], bad: ["true", 1, null] };
    case "pairs":
    case "map": {
      const keys = edges(rule.key);
      const values = edges(rule.value);
      const [value = ""] = values.good;
      const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, value]));
      const { max } = { max: undefined, ...rule };
      return {
        good: [
          {},
          ...keys.good.map((key) => ({ [key]: value })),
          ...values.good.map((one) => ({ key: one })),
          ...(max === undefined ? [] : [many(max)]),
        ],
        bad: [
          ...keys.bad.map((key) => ({ [key]: value })),
          ...values.bad.map((one) => ({ key: one })),
          ...(max === undefined ? [] : [many(max + 1)]),
          [],
          "text",
        ],
      };
    }
    case "flags":
      return {
        good: [{}, ...Object.keys(rule.of).map((name) => ({ [name]: true }))],
        bad: [{ unheardOf: true }, ...Object.keys(rule.of).map((name) => ({ [name]: "yes" })), [], "text"],
      };
  }
}

/** Texts as short and as long as may be, and one character past that. */
function edges(rule: TextRule): { good: string[]; bad: string[] } {
  const { min = 0, max, pattern } = rule;
  const fitting = (length: number) =>
    [...textsOf(length, "a")].filter((one) => pattern?.[0].test(one) ?? true).slice(0, 1);
  return {
    good: [min, max].flatMap(fitting),
    bad: [...(min > 0 ? ["a".repeat(min - 1)] : []), ...[max + 1].flatMap((length) => [...textsOf(length, "a")])],
  };
}

/** Texts of a length in every shape that a pattern asks for: a word, an organization's id and a connection's, a domain, a URL, characters of two code units. */
function* textsOf(length: number, letter: string): Generator<string> {
  const rest = letter.repeat(length);
  if (length >= 4) {
    yield `org_${"1".repeat(length - 4)}`.slice(0, length);
    const labels = [...rest.slice(3)].map((one, n) => (n % 50 === 49 && n < length - 5 ? "." : one)).join("");
    yield `${labels}.${letter}${letter}`;
  }
  yield rest;
  if (length >= 8) yield `https://${letter.repeat(Math.max(1, length - 8))}`;
  yield "🏢".repeat(length);
  if (length >= 6) yield `conn_${letter.repeat(length - 5)}`;
}

/**
 * Arguments of a definition that pass its checks: every field, or only those that are required. `given` fixes some, and
 * `other` asks for such as have another value in one field.
 */
export function sampleOf(
  definition: Definition,
  given: Args,
  { all = true, other = {} }: { all?: boolean; other?: Args } = {},
): Args {
  const wanted = Object.entries(definition.fields).filter(
    ([name, field]) => !(name in given) && (all || field.required),
  );
  const found = search(wanted, given);
  if (found === undefined)
    throw new Error(`no sample of ${definition.name} fits its rules: teach samples.ts its shape`);
  return found;

  function search(left: typeof wanted, args: Args): Args | undefined {
    const [next, ...more] = left;
    if (next === undefined) return checkArgs(definition, args).length === 0 ? args : undefined;
    const [name, field] = next;
    for (const value of plain(field)) {
      if (name in other && JSON.stringify(other[name]) === JSON.stringify(value)) continue;
      const found = search(more, { ...args, [name]: value });
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** Of a text's shapes the last that fits, which is the plainest. */
const plain = (field: Field): unknown[] => {
  const values = valuesOf(field);
  return field.rule.type === "text" ? values.filter((one) => !/^org_|🏢/.test(String(one))) : values;
};

/** The same arguments with another value in one field. */
export const changedIn = (definition: Definition, args: Args, name: string): Args => {
  const { [name]: _, ...others } = args;
  const found = sampleOf(definition, others, { other: { [name]: args[name] }, all: true });
  return Object.fromEntries(Object.entries(found).filter(([field]) => field in args || field === name));
};

export const without = (args: Args, name: string): Args =>
  Object.fromEntries(Object.entries(args).filter(([key]) => key !== name));

/** The fields of a definition that an update can change. */
export const changeable = ({ fields, api }: Definition): string[] =>
  Object.keys(fields).filter(
    (name) => !fields[name]?.replaces && (isSetting(api) || api.update !== undefined || fields[name]?.endpoint),
  );

export const isOwner = (name: string): boolean => name === ownerField;
