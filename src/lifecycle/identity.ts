import type { Live } from "../api/codec.ts";
import {
  called,
  type Definition,
  isSetting,
  keyFieldsOf,
  makerOf,
  ownerField,
  type Values,
} from "../definitions/definition.ts";
import { canonical } from "../definitions/want.ts";
import type { Intent, Wish } from "./intents.ts";
import { hash } from "./journal.ts";

/** How a remote object of a definition is recognized, before and after it has an id. */
export type Identity = ReturnType<typeof identityOf>;

export function identityOf(definition: Definition) {
  const { name, fields, outputs, api } = definition;
  const maker = makerOf(definition);
  const key = keyFieldsOf(definition);
  const sent = Object.keys(fields).filter((field) => field !== ownerField && !fields[field]?.providerOnly);
  const inEveryCreate = sent.filter((field) => fields[field]?.required || fields[field]?.neverMadeUp);
  const tellsTime = "createTime" in outputs;

  /** The values of its key as one text, if all are set. */
  function keyOf(one: Values): string | undefined {
    const values = key?.map((field) => one[field]);
    return values?.every((value) => value !== undefined) ? JSON.stringify(values) : undefined;
  }

  /** The paths that `args` set and not every create sets: fields, and flags, which are set after the create. */
  const alsoIn = (args: Values): string[] =>
    sent
      .filter((field) => args[field] !== undefined && !inEveryCreate.includes(field))
      .flatMap((field) => {
        if (fields[field]?.rule.type !== "flags") return [field];
        const flags = Object.entries(args[field] as object).filter(([, on]) => on !== undefined);
        return flags.map(([flag]) => `${field}.${flag}`);
      });

  /** Everything that a create sets, as one text, with the fields of `also`. */
  const textOf = (one: Values, also: readonly string[]): string =>
    JSON.stringify(
      [...inEveryCreate, ...also.filter((path) => path in fields)].map((field) => [field, canonical(one[field])]),
    );

  /** The hash of its key. */
  function keyHashOf(one: Values): string | undefined {
    const values = keyOf(one);
    return values === undefined ? undefined : hash(name, values);
  }

  /** What a create of `args` asks for, in hashes. */
  function wishOf(args: Values): Wish {
    const also = alsoIn(args);
    const keyHash = keyHashOf(args);
    return {
      kind: name,
      ...(keyHash !== undefined && { key: keyHash }),
      content: hash(textOf(args, also)),
      ...(also.length > 0 && { also }),
    };
  }

  return {
    keyOf,
    keyHashOf,
    wishOf,
    tellsTime,
    /** Whether `live` equals `intent` in every field that it asked for. A server may set others by itself. */
    isAsIntended: (live: Values, { content, also = [] }: Intent): boolean => hash(textOf(live, also)) === content,
    /** RFC 3339, or nothing if the API does not say it. */
    createdAt: (live: Live): string | undefined => (tellsTime ? String(live["createTime"] ?? "") : undefined),
    /** As it follows "belongs to". */
    called: ({ id }: { readonly id: string }): string => called(definition, id),
    isAdopting: (args: Values): boolean => maker !== undefined || (args["adopt"] === true && !isSetting(api)),
    isReserved: (live: Values): boolean => definition.reserved?.(live) === true,
  };
}
