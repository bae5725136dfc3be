import { z } from "zod";
import type { CollectionApi, Definition, SettingApi } from "../definitions/definition.ts";
import { isSetting, ownerField } from "../definitions/definition.ts";
import { isPageOf, noPage } from "./wire.ts";

/** One resource as Scalekit has it: the fields and outputs that are set, by the names of the domain. */
export type Live = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Between a definition's names and values and the wire's, both ways. */
export function resourceWire(definition: Definition) {
  const { fields, outputs, api } = definition;
  const named = Object.entries({ ...fields, ...outputs }).filter(([name]) => name !== ownerField && !isLocal(name));

  const once = Object.keys(outputs).filter((name) => outputs[name]?.once);

  function isLocal(name: string): boolean {
    return fields[name]?.local === true;
  }

  const wireName = (name: string): string => (fields[name] ?? outputs[name])?.wire ?? snakeCase(name);

  /** What an answer shows. What is empty is the wire's way of saying that nothing is set. */
  function decode(answer: Readonly<Record<string, unknown>>, owner: string | undefined): Live {
    const inner = (answer[api.one] ?? {}) as Readonly<Record<string, unknown>>;
    const values: Record<string, unknown> = owner === undefined ? {} : { [ownerField]: owner };
    for (const [name] of named) {
      const wire = outputs[name]?.once ? answer[wireName(name)] : inner[wireName(name)];
      const value = isEmpty(wire) ? undefined : (fields[name]?.decode?.(wire) ?? wire);
      if (value !== undefined) values[name] = value;
      else if (outputs[name]?.type === "flag") values[name] = false;
    }
    return { id: idOf(api, owner, values), ...values };
  }

  /** The properties of a request that set `values`; those that are `undefined` are cleared. */
  function encode(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const said = Object.entries(values).flatMap(([name, value]) => {
      const field = fields[name];
      if (name === ownerField || field === undefined || field.local) return [];
      if (field.say) return Object.entries(field.say(value));
      return [[name, value === undefined ? field.empty : (field.encode?.(value) ?? value)] as const];
    });
    return Object.fromEntries(said.map(([name, value]) => [wireName(name), value]));
  }

  return {
    encode,
    /** Values that a definition gives in the names of the domain and the values of the wire. */
    encodeFixed: (values: Readonly<Record<string, unknown>>) =>
      Object.fromEntries(Object.entries(values).map(([name, value]) => [wireName(name), value])),
    /** @param made whether the answer is to a create, which alone tells some of the outputs */
    answerOf(owner: string | undefined, { made = false } = {}) {
      const demanded = [...(isSetting(api) ? [] : [api.id]), ...(made ? once : [])];
      return z.looseObject({ [api.one]: z.looseObject({}) }).transform((answer, context) => {
        const live = decode(answer, owner);
        for (const name of demanded) if (live[name] === undefined) context.addIssue(`${wireName(name)} is missing`);
        return live;
      });
    },
    /** The outputs that are told once, from an answer that tells nothing else. */
    secretAnswer: z.looseObject({}).transform((answer, context) => {
      for (const name of once) if (isEmpty(answer[wireName(name)])) context.addIssue(`${wireName(name)} is missing`);
      return Object.fromEntries(once.map((name) => [name, answer[wireName(name)]]));
    }),
    pageOf(owner: string | undefined) {
      const { one, many, listed = {} } = api as CollectionApi;
      // A flag that is off may be left out of an answer.
      const isListed = (item: Readonly<Record<string, unknown>>) =>
        Object.entries(listed).every(([name, value]) => (item[wireName(name)] ?? false) === value);
      const page = z
        .looseObject({
          [many]: z.array(z.looseObject({})).nullish(),
          next_page_token: z.string().nullish(),
        })
        .refine(isPageOf(many), noPage(many));
      return page.transform((answer, context) => {
        const all = (answer[many] ?? []) as Readonly<Record<string, unknown>>[];
        const own = wireName((api as CollectionApi).id);
        if (all.some((item) => isEmpty(item[own]))) context.addIssue(`${many}: ${own} is missing`);
        return {
          /** How many the page has, with those of other kinds. */
          count: all.length,
          items: all.filter(isListed).map((item) => decode({ [one]: item }, owner)),
          next: (answer["next_page_token"] as string | null | undefined) || undefined,
        };
      });
    },
  };
}

/** What Pulumi calls it by: enough to find it again, also for an import. */
function idOf(
  api: CollectionApi | SettingApi,
  owner: string | undefined,
  values: Readonly<Record<string, unknown>>,
): string {
  if (isSetting(api)) return owner ?? "";
  const own = String(values[api.id] ?? "");
  return owner === undefined ? own : `${owner}/${own}`;
}

const isEmpty = (wire: unknown): boolean =>
  wire === undefined || wire === null || wire === "" || (Array.isArray(wire) && wire.length === 0);

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
