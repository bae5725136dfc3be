import { z } from "zod";
import { type CollectionApi, type Definition, isOwned, isSetting, type SettingApi } from "../definitions/definition.ts";
import { type Operation, ScalekitError, UnexpectedAnswerError } from "../errors.ts";
import { orAbsent } from "./absent.ts";
import { everyPage, pageSize } from "./pages.ts";
import { type Live, resourceWire } from "./resource-wire.ts";
import type { Transport } from "./transport.ts";
import { encodePageNumber, encodePageRequest } from "./wire.ts";

/** The endpoints of one kind of resource. One that is not there is `undefined`, not an error. */
export type ResourceClient = ReturnType<typeof resourceClient>;

type Values = Readonly<Record<string, unknown>>;

export function resourceClient(definition: Definition, transport: Pick<Transport, "send">) {
  const { api, noun, needs } = definition;
  const wire = resourceWire(definition);
  const isReadable = !isSetting(api) || api.readable;
  const query = isSetting(api) ? {} : { query: api.query ?? {} };

  /** Creates one. It is not sent again once it may have arrived, since a second one would be made. */
  function create(owner: string | undefined, values: Values, beforeSend?: () => Promise<void>): Promise<Live> {
    const { path } = api as CollectionApi;
    return transport.send({
      operation: { what: `create the ${noun}`, method: "POST", path, needs },
      path: placed(path, owner),
      body: wire.encode(values),
      answer: wire.answerOf(owner, { made: true }),
      repeatable: false,
      ...(beforeSend && { beforeSend }),
    });
  }

  async function get(id: string): Promise<Live | undefined> {
    const { owner, path, documented } = whereIs(id);
    const operation = { what: `read the ${noun} ${id}`, method: "GET", path: documented, needs } as const;
    const call = { operation, path, ...query, answer: wire.answerOf(owner), repeatable: true };
    return checked(operation, id, await orAbsent(transport.send(call)));
  }

  /** Sets `values`, clears those that are `undefined`, and gives what is there then. Setting twice is setting once. */
  async function update(id: string, values: Values): Promise<Live | undefined> {
    const { owner, path, documented } = whereIs(id);
    const method = isSetting(api) ? "PATCH" : (api.update ?? "PATCH");
    const operation = { what: `update the ${noun} ${id}`, method, path: documented, needs } as const;
    const said = { ...(isSetting(api) && wire.encodeFixed(api.always ?? {})), ...wire.encode(values) };
    const body = isSetting(api) && api.wrapped ? { [api.one]: said } : said;
    const call = { operation, path, body, answer: wire.answerOf(owner), repeatable: true };
    const sending = transport.send(call);
    const answer = checked(operation, id, await orAbsent(sending));
    // The API may say the same of something that the values name.
    if (answer === undefined && isReadable && (await get(id)) !== undefined) return sending;
    // An answer to a change may show less than a read does.
    return answer && !isSetting(api) && api.query ? get(id) : answer;
  }

  /** Deletes it, or sets it back. One that is already gone is as good as deleted. */
  async function remove(id: string): Promise<void> {
    const { path, documented } = whereIs(id);
    if (isSetting(api)) {
      const operation = { what: `reset the ${noun} ${id}`, method: "PATCH", path: documented, needs } as const;
      const said = wire.encodeFixed(api.reset);
      const body = api.wrapped ? { [api.one]: said } : said;
      await orAbsent(transport.send({ operation, path, body, answer: z.looseObject({}), repeatable: true }));
      return;
    }
    const operation = { what: `delete the ${noun} ${id}`, method: "DELETE", path: documented, needs } as const;
    await orAbsent(transport.send({ operation, path, answer: z.looseObject({}), repeatable: true }));
  }

  /** Takes one entry out of a list, where that has an endpoint of its own. */
  async function takeOut(id: string, entry: string): Promise<void> {
    const { path, documented } = whereIs(id);
    const { takeOut: out } = api as CollectionApi;
    const operation = {
      what: `take an entry of ${out?.field} from the ${noun} ${id}`,
      method: "DELETE",
      path: `${documented}${out?.path}`,
      needs,
    } as const;
    const full = `${path}${placed(out?.path ?? "", entry)}`;
    const call = { operation, path: full, hidden: [entry], answer: z.looseObject({}), repeatable: true };
    await orAbsent(transport.send(call));
  }

  /** Gives one another secret, beside those that it has, and tells what the create would have told once. */
  async function newSecret(id: string): Promise<Values> {
    const { path, documented } = whereIs(id);
    const { secret = "" } = api as CollectionApi;
    const operation = {
      what: `give a new secret to the ${noun} ${id}`,
      method: "POST",
      path: `${documented}${secret}`,
      needs,
    } as const;
    return transport.send({
      operation,
      path: `${path}${secret}`,
      body: {},
      answer: wire.secretAnswer,
      repeatable: false,
    });
  }

  /** All of them, of one organization where they belong to one. */
  function list(owner: string | undefined): AsyncGenerator<Live> {
    const { path, paged, query: asked } = api as CollectionApi;
    const operation = { what: `list every ${noun}`, method: "GET", path, needs } as const;
    return everyPage(operation, async (token) => {
      const page =
        paged === "by token"
          ? encodePageRequest({ size: pageSize, token, externalId: undefined })
          : paged === "by number"
            ? encodePageNumber(pageSize, token ?? "0")
            : {};
      const { items, count, next } = await transport.send({
        operation,
        path: placed(path, owner),
        query: { ...asked, ...page },
        answer: wire.pageOf(owner),
        repeatable: true,
      });
      // Pages that are numbered end with one that is not full.
      const following = paged === "by number" && count >= pageSize ? String(Number(token ?? 0) + 1) : undefined;
      return { items, next: next ?? following };
    });
  }

  /** The path of one, and that path as it may stand in a message. */
  function whereIs(id: string) {
    const [owner, own] = partsOf(id);
    const path = placed(api.path, owner);
    if (isSetting(api)) {
      if (own !== undefined) throw notAnId(id);
      return { owner, path, documented: api.path };
    }
    if (own === undefined || /^\.{0,2}$/.test(own)) throw notAnId(id);
    return { owner, path: `${path}/${encodeURIComponent(own)}`, documented: `${api.path}/{${api.parameter}}` };
  }

  function partsOf(id: string): [owner: string | undefined, own: string | undefined] {
    if (!isOwned(definition)) return [undefined, id];
    const [owner = "", ...rest] = id.split("/");
    if (/^\.{0,2}$/.test(owner)) throw notAnId(id);
    return [owner, rest.length === 0 ? undefined : rest.join("/")];
  }

  const notAnId = (id: string) =>
    new ScalekitError(
      `"${id}" is not the id of the ${noun}, which looks like ${example(api, isOwned(definition))}. Nothing was sent.`,
    );

  function checked(operation: Operation, id: string, live: Live | undefined): Live | undefined {
    if (live === undefined || live.id === id) return live;
    throw new UnexpectedAnswerError(operation, "it is about another one");
  }

  /** Throws where `id` cannot be one, before anything is sent. */
  const demandId = (id: string): void => void whereIs(id);

  return { create, get, update, remove, takeOut, newSecret, list, demandId };
}

const placed = (path: string, value: string | undefined): string =>
  path.replace(/\{\w+\}/, () => encodeURIComponent(value ?? ""));

const example = (api: CollectionApi | SettingApi, owned: boolean): string => {
  const own = isSetting(api) ? [] : [api.id.toUpperCase()];
  return [...(owned ? ["org_59615193906282635"] : []), ...own].join("/");
};
