import { isDeepStrictEqual } from "node:util";
import { type Collection, Taken } from "./collection.ts";
import { type Asked, type AskedWith, type Endpoint, endpoint } from "./endpoint.ts";
import { type Body, isEmpty, type Message, type Text } from "./rules.ts";
import type { Semantics } from "./semantics.ts";
import { notFound, StatusError } from "./status.ts";
import type { Store } from "./store.ts";
import type { New, Stored } from "./stored.ts";

/** A parameter of a path, with its rules. */
export interface Parameter {
  readonly name: string;
  readonly rule: Text;
}

/** A resource that is created, listed, read, changed and deleted in the usual way, as data. */
export interface Resource<T extends Stored, C extends Message, U extends Message> {
  /** By the name under which a program declares it. */
  readonly resource: string;
  /** What one of them and several are called in answers. */
  readonly noun: string;
  readonly nouns: string;
  /** The path of them all; `owner` is the organization's part of it, where they have one. */
  readonly path: string;
  readonly owner?: Parameter;
  /** The part of the path that names one, by its key. */
  readonly one: Parameter;
  readonly collection: (store: Store) => Collection<T>;
  readonly create: { readonly body: C; readonly status: 200 | 201 };
  readonly update?: { readonly method: "PUT" | "PATCH"; readonly body: U };
  /** What both reads take in the query. */
  readonly query?: Message;
  readonly list: Lister<T>;
  /** A new one, of a good body. */
  make(asked: AskedWith<C>, organization: string | null): New<T>;
  /** What it is found by. @default its id */
  key?(one: New<T>): string;
  /** Fields that an update may name and does not change. */
  readonly keep?: readonly string[];
  /** Checks a changed object before it is saved. */
  guardChange?(after: T, asked: AskedWith<U>, organization: string | null): void;
  /** What a delete takes in the query. */
  readonly removeQuery?: Message;
  /** Checks an object before its delete, and does what that takes. */
  beforeRemove?(one: T, asked: Asked, organization: string | null): void;
  /** Completes a new object, and returns what the answer to its creation shows besides it. */
  afterCreate?(one: T, asked: Asked): { one: T; more: object };
  show(one: T, asked: Asked, organization: string | null): object;
}

/** The objects on a page of a list, and what the answer says besides. */
export interface Lister<T extends Stored> {
  readonly query?: Message;
  page(asked: Asked, of: Collection<T>, organization: string | null): { items: T[]; more: object };
}

/** The endpoints of a resource. */
export function endpointsOf<T extends Stored, C extends Message, U extends Message>(it: Resource<T, C, U>): Endpoint[] {
  const { resource, noun, path, owner, create, update, query } = it;
  const params = owner ? { [owner.name]: owner.rule } : {};
  const one = { path: `${path}/{${it.one.name}}`, params: { ...params, [it.one.name]: it.one.rule } };
  const of = (asked: Asked) => (owner ? organizationOf(asked, owner.name) : null);
  const keyOf = (stored: New<T>) => it.key?.(stored);
  const shown = (stored: T, asked: Asked, organization: string | null) => ({
    [noun]: withoutZeros(it.show(stored, asked, organization), asked.semantics),
  });

  function find(asked: Asked, organization: string | null): T {
    const found = it.collection(asked.store).find(organization, asked.param(it.one.name));
    if (!found) throw notFound(noun);
    return found;
  }

  const endpoints: Endpoint[] = [
    endpoint({
      method: "POST",
      path,
      resource,
      params,
      body: create.body,
      bodyName: noun,
      status: create.status,
      answer(asked) {
        const organization = of(asked);
        const made = it.make(asked, organization);
        const stored = guardTaken(() => it.collection(asked.store).insert(organization, made, keyOf(made)));
        const { one: finished, more } = it.afterCreate?.(stored, asked) ?? { one: stored, more: {} };
        return { ...shown(finished, asked, organization), ...more };
      },
    }),
    {
      method: "GET",
      path,
      resource,
      params,
      query: { ...query, ...it.list.query },
      answer(asked) {
        const organization = of(asked);
        const { items, more } = it.list.page(asked, it.collection(asked.store), organization);
        return { ...more, [it.nouns]: items.map((item) => shown(item, asked, organization)[noun]) };
      },
    },
    {
      method: "GET",
      resource,
      ...one,
      query: query ?? {},
      answer(asked) {
        const organization = of(asked);
        return shown(find(asked, organization), asked, organization);
      },
    },
    {
      method: "DELETE",
      resource,
      ...one,
      query: it.removeQuery ?? {},
      answer(asked) {
        const organization = of(asked);
        const key = asked.param(it.one.name);
        const found = it.collection(asked.store).find(organization, key);
        if (!found && asked.semantics.deleteMissing === 404) throw notFound(noun);
        if (found) it.beforeRemove?.(found, asked, organization);
        it.collection(asked.store).remove(organization, key);
        return {};
      },
    },
  ];
  if (!update) return endpoints;
  return [
    ...endpoints,
    endpoint({
      method: update.method,
      resource,
      ...one,
      body: update.body,
      bodyName: noun,
      answer(asked) {
        const organization = of(asked);
        const before = find(asked, organization);
        const after = changed(before, asked.body, update.body, it.keep, asked.semantics);
        it.guardChange?.(after, asked, organization);
        if (asked.semantics.updateTime === "changes" && isDeepStrictEqual(before, after)) {
          return shown(before, asked, organization);
        }
        return shown(it.collection(asked.store).update(organization, after, keyOf(after)), asked, organization);
      },
    }),
  ];
}

/** The id of the organization that a path names, which has to be there. */
export function organizationOf(asked: Asked, parameter: string): string {
  const id = asked.param(parameter);
  if (!asked.store.byId(id)) throw notFound("organization");
  return id;
}

/** What an update makes of a object. What is not given stays, and so does what looks the same. */
function changed<T extends Stored>(
  before: T,
  body: Body<Message>,
  rules: Message,
  keep: readonly string[] = [],
  { emptyFields }: Semantics,
): T {
  const given = Object.entries(body).filter(
    ([name, value]) =>
      value !== null && !keep.includes(name) && (rules[name]?.optional || emptyFields === "clears" || !isEmpty(value)),
  );
  return { ...before, ...Object.fromEntries(given) };
}

function guardTaken<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    throw new StatusError(400, "INVALID_ARGUMENT", "duplicate key not allowed");
  }
}

/** As protobuf's JSON has it where it leaves out what is empty, or as it is. */
export function withoutZeros(shown: object, { zeroValues }: Semantics): object {
  if (zeroValues === "shown") return shown;
  const kept = Object.entries(shown).filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, inner(value)]));
  function inner(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(inner);
    return typeof value === "object" && value !== null ? withoutZeros(value, { zeroValues } as Semantics) : value;
  }
}
