import { z } from "zod";
import {
  type CollectionApi,
  type Definition,
  type Dialect,
  isSetting,
  ownerField,
  type Values,
} from "../definitions/definition.ts";
import type { Rule } from "../definitions/field.ts";
import { snakeCase } from "../definitions/names.ts";
import { keysToRemove, type Want, type Wants, wantedValue } from "../definitions/want.ts";
import { encodeMask, pageAnswer } from "./answers.ts";

/** A remote object as Scalekit has it: the fields and outputs that are set, by their names in the definition. */
export type Live = { readonly id: string } & Values;

/** An object as a page of a list shows it. */
export interface Listed {
  readonly live: Live;
  /** Whether the page shows everything that lists may leave out. */
  readonly isWhole: boolean;
}

/** Converts between a definition's names and values and those of the wire. */
export type Codec = ReturnType<typeof codecOf>;

/**
 * The only place outside the emulator that knows a resource on the wire: JSON in snake_case, as the API documents it. Answers
 * may hold more than is listed here, now or in a later version of the API; requests hold nothing else.
 */
export function codecOf(definition: Definition) {
  const { fields, outputs, api } = definition;
  const isSent = (name: string): boolean => name !== ownerField && fields[name]?.providerOnly !== true;
  const shown = Object.keys({ ...fields, ...outputs }).filter(isSent);
  const createOnly = Object.keys(outputs).filter((name) => outputs[name]?.createOnly);
  const { alwaysShown = [] } = isSetting(api) ? {} : api;
  // Made once: zod compiles a schema when it first reads with it, and every request has an answer to read.
  const oneAnswer = z.looseObject({ [api.one]: z.looseObject({}) });
  /** The path of the property that holds it: `settings.features`. */
  const paths = new Map(Object.keys({ ...fields, ...outputs }).map((name) => [name, wirePathOf(name)]));
  const pathOf = (name: string): string[] => paths.get(name) ?? wirePathOf(name);
  const wireName = (name: string): string => pathOf(name).at(-1) ?? name;

  function wirePathOf(name: string): string[] {
    return ((fields[name] ?? outputs[name])?.wire ?? snakeCase(name)).split(".");
  }

  type Issues = Pick<z.core.$RefinementCtx, "addIssue">;

  /**
   * What an answer shows. On the wire, an empty value means that nothing is set.
   *
   * @param place where in the whole answer it stands
   */
  function decode(answer: Values, owner: string | undefined, issues: Issues, place: string = api.one): Live {
    const inner = answer[api.one] as Values;
    const values: Record<string, unknown> = owner === undefined ? {} : { [ownerField]: owner };
    for (const name of shown) {
      const wire = outputs[name]?.createOnly ? answer[wireName(name)] : at(inner, pathOf(name));
      const value = isEmpty(name, wire) ? undefined : decodeOne(name, wire, issues, place);
      if (value !== undefined) values[name] = value;
      else if (alwaysShown.includes(name) && wire === "") values[name] = "";
      else if (alwaysShown.includes(name) && wire == null)
        issues.addIssue(`${place}.${pathOf(name).join(".")} is missing`);
      else if (typeOf(name) === "flag") values[name] = false;
      else if (fields[name]?.rule.type === "map") values[name] = {};
    }
    const own = isSetting(api) ? undefined : (values[api.id] ?? inner[wireName(api.id)]);
    if (!isSetting(api) && (typeof own !== "string" || own === "")) {
      issues.addIssue(`${place}.${wireName(api.id)} is missing`);
    }
    return { id: [owner, own].filter((part) => part !== undefined).join("/"), ...values };
  }

  function decodeOne(name: string, wire: unknown, issues: Issues, place: string): unknown {
    const field = fields[name];
    const type = typeOf(name);
    const value = decoded(() => field?.decode?.(wire) ?? wire);
    if (isOfType[type](value)) return value;
    issues.addIssue(`${place}.${pathOf(name).join(".")} has another type than documented`);
    return undefined;
  }

  const typeOf = (name: string) => fields[name]?.rule.type ?? outputs[name]?.type ?? "text";

  function isEmpty(name: string, wire: unknown): boolean {
    if (wire === undefined || wire === null || wire === "") return true;
    // The wire has lists of flags and of pairs, and no list of a map.
    return Array.isArray(wire) && wire.length === 0 && typeOf(name) !== "map";
  }

  /** The properties of a request that bring `live` to what is wanted. */
  function encode(wants: Wants, live: Values, dialect: Dialect): Record<string, unknown> {
    const said = Object.entries(wants).flatMap(([name, want]) => Object.entries(encodeOne(name, want, live, dialect)));
    return Object.fromEntries(said.map(([name, value]) => [wireName(name), value]));
  }

  function encodeOne(name: string, want: Want, live: Values, dialect: Dialect): Values {
    const field = fields[name];
    if (field === undefined || !isSent(name)) return {};
    const value = wantedValue(field, want, live[name]);
    if (field.encodeAs) return field.encodeAs(value);
    if (value === undefined && want.unset === true) {
      if (dialect === "mask") return {};
      return { [name]: dialect === "null" ? null : field.empty };
    }
    const gone = dialect === "null" ? keysToRemove(want, live[name]) : [];
    const nulls = Object.fromEntries(gone.map((key) => [key, null]));
    const sent = field.encode?.(value) ?? value;
    return { [name]: gone.length > 0 ? { ...(sent as object), ...nulls } : sent };
  }

  /** What an update sends, in its body and its query. */
  function encodeUpdate(wants: Wants, live: Values, dialect: Dialect) {
    const body = encode(wants, live, dialect);
    return { body, query: dialect === "mask" ? encodeMask(Object.keys(wants).map(wireName)) : {} };
  }

  return {
    encodeUpdate,
    /** The properties of a create. */
    encodeCreate: (values: Values) => {
      const own = Object.entries(values).filter(([name, value]) => value !== undefined && !fields[name]?.endpoint);
      return encode(Object.fromEntries(own.map(([name, set]) => [name, { set }])), {}, "plain");
    },
    /** Values that a definition gives by field name, already in the form of the wire. */
    encodeFixed: (values: Values) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [wireName(name), value])),
    /** @param isCreate whether the answer is that of a create, which shows outputs that no other answer has */
    answerOf(owner: string | undefined, { isCreate = false } = {}) {
      return oneAnswer.transform((answer, context) => {
        const live = decode(answer, owner, context);
        for (const name of isCreate ? createOnly : []) {
          if (live[name] === undefined) context.addIssue(`${wireName(name)} is missing`);
        }
        return live;
      });
    },
    /** The outputs that only a create shows, from an answer that shows nothing else. */
    secretAnswer: z.looseObject({}).transform((answer, context) => {
      for (const name of createOnly) {
        if (isEmpty(name, answer[wireName(name)])) context.addIssue(`${wireName(name)} is missing`);
      }
      return Object.fromEntries(createOnly.map((name) => [name, answer[wireName(name)]]));
    }),
    /** @param isLenient whether invalid entries are left out, so that they do not fail the rest of the page */
    pageOf(owner: string | undefined, { isLenient = false } = {}) {
      const { one, many, listFilter = {}, mayOmit = [], list } = api as CollectionApi;
      // A flag that is off may be left out of an answer. A list that is asked for an organization's may show all.
      const isOurs = (item: Values) =>
        (list === undefined || [owner, undefined, null, ""].includes(item[list.owner] as string)) &&
        Object.entries(listFilter).every(([name, value]) => (item[wireName(name)] ?? false) === value);
      const isWhole = (item: Values) => mayOmit.every((name) => item[pathOf(name)[0] ?? ""] != null);
      return pageAnswer(many, isLenient).transform(({ all, next, total }, context) => {
        const items = all.flatMap((item, index): Listed[] => {
          if (!isObject(item) || !isOurs(item)) return [];
          let isSound = true;
          const addIssue = (issue: string) => {
            isSound = false;
            if (!isLenient) context.addIssue(issue);
          };
          const live = decode({ [one]: item }, owner, { addIssue } as Issues, `${many}[${index}]`);
          return isSound ? [{ live, isWhole: isWhole(item) }] : [];
        });
        return {
          /** How many entries the page has, including those of other definitions. */
          count: all.length,
          items,
          next,
          total,
        };
      });
    },
  };
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : inner), value);

function decoded(decode: () => unknown): unknown {
  try {
    return decode();
  } catch {
    // Of another shape than the decoder reads.
    return undefined;
  }
}

const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null;
const isText = (value: unknown): boolean => typeof value === "string";
const isRecordOf = (test: (value: unknown) => boolean) => (value: unknown) =>
  isObject(value) && !Array.isArray(value) && Object.values(value).every(test);
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isNumber = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);

/** The schema of each type's decoded value. */
const isOfType: Readonly<Record<Rule["type"] | "number", (value: unknown) => boolean>> = {
  text: isText,
  choice: isText,
  texts: (value) => Array.isArray(value) && value.every(isText),
  whole: isNumber,
  number: isNumber,
  flag: isFlag,
  pairs: isRecordOf(isText),
  map: isRecordOf(isText),
  flags: isRecordOf(isFlag),
};
