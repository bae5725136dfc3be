import type { z } from "zod";
import {
  choiceSchema,
  flagSchema,
  flagsSchema,
  longTextSchema,
  mapSchema,
  type TextRule,
  textSchema,
  textsSchema,
  wholeSchema,
} from "./field-schema.ts";
import { snakeCase } from "./names.ts";

/** One argument of a resource: what a program may declare, and how it is sent to Scalekit. */
export interface Field<Value = unknown> {
  /** Built on first use, so that a provider that checks nothing starts faster. */
  readonly schema: () => z.ZodType<Value>;
  readonly required: boolean;
  /** The rule for values, as data. Tests draw samples from it. */
  readonly rule: Rule;
  /** The limits in words, for the documentation: "1 to 100 characters". */
  readonly limits: string;
  /** Whether another value replaces the resource, because the API cannot change it. */
  readonly replaces: boolean;
  /** Its name on the wire, if that is not its own name in snake_case. */
  readonly wire?: string | undefined;
  /**
   * The end of the path of its own endpoint, if the resource's endpoint cannot set it. A flag may have one that turns it on
   * and one that turns it off, which take no body and do not answer with the resource.
   */
  readonly endpoint?: string | { readonly on: string; readonly off: string };
  /** The value that clears it. Absent if it cannot be cleared; it then stays when a program no longer declares it. */
  readonly empty?: unknown;
  /** Whether Scalekit refuses to clear it, so that removing it from a program is refused at preview. */
  readonly unclearable?: boolean;
  /** Whether a create that does not name it leaves it empty. */
  readonly neverMadeUp?: boolean;
  /** Whether it is never sent, because it says how the provider manages the resource. */
  readonly providerOnly?: boolean;
  /** The default of a provider-only field. */
  readonly fallback?: Value;
  /** The class of the resources that it names. */
  readonly references?: string;
  /** The properties of a request that set or clear it, if that is not one property with its value. */
  encodeAs?(value: Value | undefined): Readonly<Record<string, unknown>>;
  /** For a field that has another form on the wire. */
  encode?(value: Value): unknown;
  decode?(wire: unknown): unknown;
}

export type Rule =
  | ({ readonly type: "text" } & TextRule)
  | { readonly type: "texts"; readonly each: TextRule; readonly max?: number }
  | { readonly type: "choice"; readonly of: readonly string[] }
  | { readonly type: "whole"; readonly min: number; readonly max: number }
  | { readonly type: "flag" }
  | { readonly type: "pairs"; readonly key: TextRule; readonly value: TextRule }
  | {
      readonly type: "map";
      readonly key: TextRule;
      readonly value: TextRule;
      readonly max: number;
      /** The field that says whether the program owns the whole map, or only the keys that it declares. */
      readonly ownedBy?: string;
    }
  /** Flags by name. A program owns only those that it declares. */
  | { readonly type: "flags"; readonly of: Readonly<Record<string, string>> };

export type Optional<Value> = Field<Value> & { readonly required: false };

/** The field, required. */
export const required = <Value>(field: Optional<Value>): Field<Value> & { readonly required: true } => ({
  ...field,
  required: true,
});

interface Common {
  readonly replaces?: boolean;
  readonly wire?: string;
  readonly providerOnly?: boolean;
  readonly neverMadeUp?: boolean;
  readonly references?: string;
}

export function text(rule: TextRule & Common): Optional<string> {
  return {
    ...common(rule),
    rule: { type: "text", ...rule },
    schema: once(() => textSchema(rule)),
    limits: wordsOf(rule),
    empty: "",
  };
}

/** Text of any length, which its owner reads line by line. */
export const longText = (): Optional<string> => ({
  ...common({}),
  rule: { type: "text", max: Number.POSITIVE_INFINITY },
  schema: once(longTextSchema),
  limits: "",
});

export function texts(rule: { readonly each: TextRule; readonly max?: number } & Common): Optional<readonly string[]> {
  const { each, max = Number.POSITIVE_INFINITY } = rule;
  const limits = `${Number.isFinite(max) ? `at most ${max}, ` : ""}each ${wordsOf(each)}`;
  // The API keeps no order, so lists are sorted to be compared.
  return {
    ...common(rule),
    rule: { type: "texts", ...rule },
    schema: once(() => textsSchema(each, max)),
    limits,
    empty: [],
    decode: (wire) => (Array.isArray(wire) ? wire.toSorted() : wire),
  };
}

export function choice<const T extends string>(
  rule: { readonly of: readonly T[]; readonly fallback?: NoInfer<T> } & Common,
): Optional<T> {
  const list = rule.of.map((one) => `"${one}"`).join(" or ");
  return {
    ...common(rule),
    ...(rule.fallback !== undefined && { fallback: rule.fallback }),
    rule: { type: "choice", of: rule.of },
    schema: once(() => choiceSchema(rule.of, `must be ${list}`)),
    limits: list,
  };
}

export function whole(rule: { readonly min: number; readonly max: number } & Common): Optional<number> {
  const limits = `${rule.min} to ${rule.max}`;
  // 64-bit numbers come as strings in JSON, as protobuf has it.
  return {
    ...common(rule),
    rule: { type: "whole", ...rule },
    schema: once(() => wholeSchema(rule)),
    limits: `whole number, ${limits}`,
    decode: Number,
  };
}

export function flag(rule: { readonly fallback?: boolean } & Common = {}): Optional<boolean> {
  const { fallback } = rule;
  return {
    ...common(rule),
    ...(fallback !== undefined && { fallback }),
    rule: { type: "flag" },
    schema: once(flagSchema),
    limits: "",
  };
}

/** String pairs, which the wire has as a list of keys and values. */
export function pairs(
  rule: { readonly key: TextRule; readonly value: TextRule } & Common,
): Optional<Readonly<Record<string, string>>> {
  return {
    ...common(rule),
    rule: { type: "pairs", ...rule },
    schema: once(() => mapSchema(rule)),
    limits: `keys of ${wordsOf(rule.key)}, values of ${wordsOf(rule.value)}`,
    empty: [],
    encode: (given) => Object.entries(given).map(([key, value]) => ({ key, value })),
    decode: (wire) =>
      Object.fromEntries(
        (entriesIn(wire, "key") as { key: string; value?: string }[]).map(({ key, value = "" }) => [key, value]),
      ),
  };
}

/** String pairs, which the wire has as an object. */
export function map(
  rule: { readonly key: TextRule; readonly value: TextRule; readonly max: number; readonly ownedBy?: string } & Common,
): Optional<Readonly<Record<string, string>>> {
  return {
    ...common(rule),
    rule: { type: "map", ...rule },
    schema: once(() => mapSchema(rule)),
    limits: `at most ${rule.max} pairs; keys of ${wordsOf(rule.key)}, values of ${wordsOf(rule.value)}`,
    empty: {},
  };
}

/**
 * Flags by name, which the wire has as a list of names and whether each is enabled.
 *
 * @param of each with its documentation
 */
export function flags<const Name extends string>(
  of: Readonly<Record<Name, string>>,
  { wire, endpoint }: { readonly wire: string; readonly endpoint: string },
): Optional<Readonly<Partial<Record<Name, boolean>>>> {
  // A flag that is not known here keeps its name.
  const names = Object.keys(of);
  const known = new Map<string, string>(names.map((name) => [snakeCase(name), name]));
  return {
    ...common({ wire }),
    rule: { type: "flags", of },
    schema: once(() => flagsSchema(names) as unknown as z.ZodType<Readonly<Partial<Record<Name, boolean>>>>),
    limits: names.join(", "),
    endpoint,
    // Taken out of the program, it is turned off.
    empty: {},
    encode: (given) =>
      Object.entries(given).map(([name, enabled]) => ({
        name: known.get(snakeCase(name)) === name ? snakeCase(name) : name,
        enabled,
      })),
    decode: (list) =>
      Object.fromEntries(
        (entriesIn(list, "name") as { name: string; enabled?: boolean }[]).map(({ name, enabled = false }) => [
          known.get(name) ?? name,
          enabled,
        ]),
      ),
  };
}

function common({ replaces = false, wire, providerOnly, neverMadeUp, references }: Common) {
  return {
    required: false as const,
    replaces,
    ...(wire !== undefined && { wire }),
    ...(references !== undefined && { references }),
    ...(providerOnly && { providerOnly }),
    ...(neverMadeUp && { neverMadeUp }),
  };
}

/** The entries of a list on the wire, each of which is named by its property `key`. Throws where it is something else. */
function entriesIn(wire: unknown, key: string): readonly unknown[] {
  const isEntry = (one: unknown) => typeof (one as Readonly<Record<string, unknown>> | null)?.[key] === "string";
  if (!Array.isArray(wire) || !wire.every(isEntry)) throw new TypeError(`It is not a list of entries with ${key}.`);
  return wire;
}

const wordsOf = ({ min = 0, max, pattern }: TextRule): string =>
  `${min === 0 ? "at most" : `${min} to`} ${max} characters${pattern ? `: ${pattern[1]}` : ""}`;

/** The result of `make`, made on first use. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
