import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { nextTurn } from "../api/next-turn.ts";
import { isPageWorthIt, pagesLeft } from "../api/sweep.ts";
import {
  type CollectionApi,
  type Definition,
  keyFieldsOf,
  keysOf,
  ownerOf,
  type Values,
} from "../definitions/definition.ts";
import { isApiError, isTransportError } from "../errors.ts";

/**
 * Which keys of the creates in a preview other objects have already. The engine asks for one create after the other, so those
 * that wait at the same time share the pages of the list, if that takes fewer requests (api/sweep.ts).
 */
export interface TakenKeys {
  /**
   * The object that has the key of `args`. Nothing if there is none, or if it would take too many requests or a request that
   * fails to say so: the create itself asks again.
   */
  holderOf(args: Values): Promise<Live | undefined>;
}

/** How many requests a preview may cost for the keys of one definition. A list that says that it has more pages is not read. */
export const mostLooks = 50;

export interface TakenKeysOptions {
  readonly client: Pick<Client, "authenticate">;
  readonly endpoints: Pick<Endpoints, "findByKey" | "page">;
}

export function takenKeysOf(definition: Definition, { client, endpoints }: TakenKeysOptions): TakenKeys {
  const fields = keyFieldsOf(definition) ?? [];
  /** One list for each organization, where they belong to one. */
  const lists = new Map<string | undefined, ReturnType<typeof newList>>();
  let spent = 0;
  /** Otherwise one look reads the list. */
  const hasOwnLook = keysOf(definition)[0]?.find !== undefined || fields.includes((definition.api as CollectionApi).id);

  async function holderOf(args: Values): Promise<Live | undefined> {
    const owner = ownerOf(args);
    const list = lists.get(owner) ?? newList();
    lists.set(owner, list);
    list.reads++;
    await client.authenticate();
    await nextTurn();
    list.reading ??= readWhile(list, owner).finally(() => {
      list.reading = undefined;
    });
    await list.reading;
    if (list.isWhole) return list.holders.get(keyOf(args));
    if (list.isBroken || spent >= mostLooks) return undefined;
    spent++;
    list.gets++;
    return endpoints.findByKey(args).catch((error: unknown) => {
      if (isApiError(error) || isTransportError(error)) list.isBroken = true;
      return undefined;
    });
  }

  /** Reads pages as long as that is worth it for those who wait. */
  async function readWhile(list: ReturnType<typeof newList>, owner: string | undefined): Promise<void> {
    const isOpen = () => !list.isWhole && !list.isBroken && spent + (list.left ?? 1) <= mostLooks;
    while (isOpen() && (!hasOwnLook || isPageWorthIt(list))) await readPage(list, owner);
  }

  async function readPage(list: ReturnType<typeof newList>, owner: string | undefined): Promise<void> {
    spent++;
    list.pages++;
    try {
      const { items, next, total } = await endpoints.page(owner, list.next);
      for (const { live } of items) list.holders.set(keyOf(live), live);
      list.listed += items.length;
      list.left = pagesLeft(list.pages, list.listed, total);
      list.isBroken = next !== undefined && next === list.next;
      list.next = next;
      list.isWhole = next === undefined;
    } catch {
      list.isBroken = true;
    }
  }

  const keyOf = (values: Values): string => JSON.stringify(fields.map((field) => values[field]));

  return { holderOf };
}

const newList = () => ({
  reads: 0,
  gets: 0,
  pages: 0,
  listed: 0,
  left: undefined as number | undefined,
  next: undefined as string | undefined,
  holders: new Map<string, Live>(),
  isWhole: false,
  isBroken: false,
  reading: undefined as Promise<void> | undefined,
});
