import { z } from "zod";
import {
  type CollectionApi,
  type Definition,
  type Dialect,
  isReadable,
  isSetting,
  type ListElsewhere,
  subjectOf,
  type Update,
  type Values,
} from "../definitions/definition.ts";
import type { Want, Wants } from "../definitions/want.ts";
import { type Operation, ScalekitError, UnexpectedAnswerError } from "../errors.ts";
import { encodePageNumber, encodePageRequest } from "./answers.ts";
import { codecOf, type Listed, type Live } from "./codec.ts";
import { finderOf } from "./find.ts";
import { undefinedIfNotFound } from "./not-found.ts";
import { everyPage, type Page, pageSize } from "./pages.ts";
import { filledIn, placesOf } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** The endpoints of one definition's remote objects. An object that does not exist is `undefined`, not an error. */
export type Endpoints = ReturnType<typeof endpointsOf>;

export function endpointsOf(definition: Definition, transport: Pick<Transport, "send">) {
  const { api, noun, needs, fields } = definition;
  const codec = codecOf(definition);
  const placeOf = placesOf(definition);
  const query = isSetting(api) ? {} : (api.query ?? {});
  const updating: Update = (isSetting(api) ? undefined : api.update) ?? { method: "PATCH" };

  const operationOn = (verb: string, method: Operation["method"], id: string, end = ""): Operation => {
    const path = `${placeOf(id).documented}${end}`;
    return { what: `${verb} ${subjectOf(definition, id)}`, method, path, needs };
  };

  /** Creates an object. The request is not repeated once it may have arrived, since that could create a second one. */
  function create(owner: string | undefined, values: Values, beforeSend?: () => Promise<void>): Promise<Live> {
    const { path } = api as CollectionApi;
    return transport.send({
      operation: { what: `create the ${noun}`, method: "POST", path, needs },
      path: filledIn(path, owner),
      body: codec.encodeCreate(values),
      answer: codec.answerOf(owner, { isCreate: true }),
      repeatable: false,
      ...(beforeSend && { beforeSend }),
    });
  }

  async function get(id: string): Promise<Live | undefined> {
    const { owner, path } = placeOf(id);
    const operation = operationOn("read", "GET", id);
    const call = { operation, path, query, answer: codec.answerOf(owner), repeatable: true };
    return thatOne(operation, id, await undefinedIfNotFound(transport.send(call)));
  }

  /** Brings `live` to what is wanted of its fields, and returns the object after that. Idempotent. */
  async function update(live: Live, wants: Wants, dialect: Dialect = "plain"): Promise<Live | undefined> {
    const { id } = live;
    const { owner, path } = placeOf(id);
    const operation = operationOn("update", updating.method, id);
    const { body, query: asked } = codec.encodeUpdate({ ...unchanged(live), ...wants }, live, dialect);
    const whole = isSetting(api) ? { ...codec.encodeFixed(api.fixed ?? {}), ...body } : body;
    const sending = transport.send({
      operation,
      path,
      query: asked,
      body: wrapped(whole),
      answer: codec.answerOf(owner),
      repeatable: true,
    });
    const answer = thatOne(operation, id, await undefinedIfNotFound(sending));
    if (updating.partial) return answer;
    // The API may also answer "not found" about something that the values name.
    if (answer === undefined && isReadable(definition) && (await get(id)) !== undefined) return sending;
    // An answer to a change may show less than a read does.
    return answer && Object.keys(query).length > 0 ? get(id) : answer;
  }

  const wrapped = (values: Values): Values => (isSetting(api) && api.wrapped ? { [api.one]: values } : values);

  /** The fields that an update must repeat although they do not change. */
  function unchanged(live: Live): Wants {
    if (updating.partial) return {};
    const sent = Object.keys(fields).filter(
      (name) =>
        updating.repeats?.includes(name) ||
        !(fields[name]?.replaces || fields[name]?.providerOnly || fields[name]?.endpoint),
    );
    const there = sent.filter((name) => live[name] !== undefined);
    return Object.fromEntries(there.map((name) => [name, { set: live[name] }]));
  }

  /** Sets a field that has its own endpoint. The API does not document whether entries that are not named stay as they are. */
  async function updateField(live: Live, name: string, want: Want): Promise<Live | undefined> {
    const { id } = live;
    const { owner, path } = placeOf(id);
    const { endpoint: end = "" } = fields[name] ?? {};
    if (typeof end === "object") return turn(id, want.set === true ? end.on : end.off);
    const operation = operationOn(`set the ${name} of`, "PATCH", id, end);
    const { body } = codec.encodeUpdate({ [name]: want }, live, "plain");
    const call = { operation, path: `${path}${end}`, body, answer: codec.answerOf(owner), repeatable: true };
    return thatOne(operation, id, await undefinedIfNotFound(transport.send(call)));
  }

  /** Turns a flag on or off, and reads what has come of it. */
  async function turn(id: string, end: string): Promise<Live | undefined> {
    const operation = operationOn(end.replace(":", ""), "PATCH", id, end);
    const call = { operation, path: `${placeOf(id).path}${end}`, answer: turnAnswer, repeatable: true };
    const answer = await undefinedIfNotFound(transport.send(call));
    if (answer?.error_message) throw refusedWithSuccess(operation, answer.error_message);
    return answer && get(id);
  }

  /** Deletes an object with everything in it, or resets a setting. An object that is already gone counts as deleted. */
  async function remove(id: string): Promise<void> {
    const { path } = placeOf(id);
    const call = isSetting(api)
      ? { operation: operationOn("reset", "PATCH", id), body: wrapped(codec.encodeFixed(api.reset)) }
      : { operation: operationOn("delete", "DELETE", id) };
    await undefinedIfNotFound(transport.send({ ...call, path, answer: anyAnswer, repeatable: true }));
  }

  /** Removes one entry of a list that has its own endpoint. */
  async function removeEntry(id: string, entry: string): Promise<void> {
    const { field = "", path: end = "" } = (api as CollectionApi).removeEntry ?? {};
    const operation = operationOn(`take an entry of ${field} from`, "DELETE", id, end);
    const path = `${placeOf(id).path}${filledIn(end, entry)}`;
    const call = { operation, path, hidden: [entry], answer: anyAnswer, repeatable: true };
    await undefinedIfNotFound(transport.send(call));
  }

  /** Gives an object another secret, and returns the outputs that otherwise only a create shows. */
  async function newSecret(id: string): Promise<Values> {
    const { secret: end = "" } = api as CollectionApi;
    return transport.send({
      operation: operationOn("give a new secret to", "POST", id, end),
      path: `${placeOf(id).path}${end}`,
      body: {},
      answer: codec.secretAnswer,
      repeatable: false,
    });
  }

  /** One page; the first one without a `token`. Invalid entries are left out. */
  const page = (owner: string | undefined, token: string | undefined): Promise<Page<Listed>> =>
    readPage(listing, owner, token, { isLenient: true });

  /**
   * All objects, page by page, in the API's order; those of one organization if they belong to one.
   *
   * @param tell called with how many there are, where the API says so
   */
  const list = (owner?: string, tell: (total: number) => void = () => {}): AsyncGenerator<Live> =>
    everyPage(listing, async (token) => {
      const { items, next, total } = await readPage(listing, owner, token);
      // One that counts the page alone says nothing of the list.
      if (total !== undefined && (next === undefined || total > items.length)) tell(total);
      return { items: items.map(({ live }) => live), next };
    });

  const { path: listPath, owner: ownerIn, query: listed } = listOf(api);
  const listing: Operation = { what: `list the ${definition.plural}`, method: "GET", path: listPath, needs };

  async function readPage(
    operation: Operation,
    owner: string | undefined,
    token: string | undefined,
    { isLenient = false, filter = {} }: { isLenient?: boolean; filter?: Readonly<Record<string, string>> } = {},
  ): Promise<Page<Listed>> {
    const { paged } = api as CollectionApi;
    const numbers = {
      "by token": encodePageRequest(pageSize, token),
      "by number": encodePageNumber(pageSize, token ?? "0"),
    };
    const { items, count, next, total } = await transport.send({
      operation,
      path: filledIn(listPath, owner),
      query: {
        ...query,
        ...(ownerIn && { [ownerIn]: owner ?? "" }),
        ...listed,
        ...(paged ? numbers[paged] : {}),
        ...filter,
      },
      hidden: Object.values(filter),
      answer: codec.pageOf(owner, { isLenient }),
      repeatable: true,
    });
    // Numbered pages end with one that is not full.
    const following = paged === "by number" && count >= pageSize ? String(Number(token ?? 0) + 1) : undefined;
    return { items, next: next ?? following, total };
  }

  function thatOne(operation: Operation, id: string, live: Live | undefined): Live | undefined {
    if (live === undefined || live.id === id) return live;
    throw new UnexpectedAnswerError(operation, "it describes another object");
  }

  /** Throws if `id` cannot be an id, before anything is sent. */
  const requireId = (id: string): void => void placeOf(id);

  /** The object that has the key of `values`. */
  const findByKey = finderOf(definition, { transport, codec, get, list, readPage });

  return { create, get, findByKey, update, updateField, remove, removeEntry, newSecret, page, list, requireId };
}

const listOf = (api: Definition["api"]): Partial<ListElsewhere> & Pick<ListElsewhere, "path"> =>
  (!isSetting(api) && api.list) || { path: api.path };

const anyAnswer = z.looseObject({});

const turnAnswer = z.looseObject({ error_message: z.string().nullish() });

const refusedWithSuccess = ({ what, method, path }: Operation, message: string): ScalekitError =>
  new ScalekitError(
    `Could not ${what}: Scalekit answered with success, and with the message "${message}" (${method} ${path}).`,
  );
