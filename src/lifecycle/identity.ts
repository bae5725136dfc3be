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

  /** Whether `live` equals `intent` in every field that it asked for. A server may set others by itself. */
  const isAsIntended = (live: Values, { content, also = [] }: Intent): boolean => hash(textOf(live, also)) === content;

  /** RFC 3339, or nothing if the API does not say it. */
  const createdAt = (live: Live): string | undefined => (tellsTime ? String(live["createTime"] ?? "") : undefined);

  /** Whether `found` comes from `intent`: the same in every field, and created while the request was under way. */
  function isCreatedBy(found: Live, intent: Intent): boolean {
    return isOfThatTime(found, intent) && isAsIntended(found, intent);
  }

  function isOfThatTime(found: Live, { firstSent, lastSent }: Intent): boolean {
    // Nobody had the key before the request, because it would not have been sent otherwise.
    if (!tellsTime) return key !== undefined;
    const born = Date.parse(createdAt(found) ?? "");
    if (Number.isNaN(born) || firstSent === undefined || lastSent === undefined) return false;
    return born >= firstSent - clockPrecision && born <= lastSent + underWay;
  }

  return {
    keyOf,
    keyHashOf,
    wishOf,
    tellsTime,
    isAsIntended,
    isCreatedBy,
    isOfThatTime,
    createdAt,
    /** As it follows "belongs to". */
    called: ({ id }: { readonly id: string }): string => called(definition, id),
    isAdopting: (args: Values): boolean => maker !== undefined || (args["adopt"] === true && !isSetting(api)),
    isReserved: (live: Values): boolean => definition.reserved?.(live) === true,
  };
}

/** How many milliseconds a request may be under way: the deadline of one answer, plus the precision of both clocks. */
export const underWay = 35_000;
const clockPrecision = 5_000;
