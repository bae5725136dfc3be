import { type Definition, isOwned, isSetting, type Values } from "../definitions/definition.ts";
import { same } from "../definitions/want.ts";
import type { Client } from "./client.ts";
import type { Listed, Live } from "./codec.ts";
import type { Endpoints } from "./endpoints.ts";
import { nextTurn } from "./next-turn.ts";
import { isPageWorthIt, pagesLeft } from "./sweep.ts";

/**
 * Endpoints with `refresh`, a `get` for the many remote objects of one operation. Objects that are read at the same time share the
 * pages of the list if that takes fewer requests (sweep.ts).
 *
 * A result is never older than the operation, which is all reads without a pause between them. A second read of one object is
 * never older than that read. Writes show at once: a page that was requested before the end of a write does not count for that
 * object. Only a GET says "not found", since a list that changes while it is read can skip objects. Any problem with the list
 * costs only GETs.
 */
export function withSharedReads(definition: Definition, endpoints: Endpoints, client: Pacing): SharedEndpoints {
  /** One list for each organization, where they belong to one. */
  const lists = new Map<string | undefined, ReturnType<typeof sharedList>>();

  function listOf(id: string) {
    const owner = isOwned(definition) ? id.split("/")[0] : undefined;
    const known = lists.get(owner) ?? sharedList(definition, endpoints, client, owner);
    lists.set(owner, known);
    return known;
  }

  return {
    ...endpoints,
    refresh: (id, last) => (isSetting(definition.api) ? endpoints.get(id) : listOf(id).refresh(id, last)),
    update: (live, ...rest) => listOf(live.id).writing(live.id, () => endpoints.update(live, ...rest)),
    updateField: (live, ...rest) => listOf(live.id).writing(live.id, () => endpoints.updateField(live, ...rest)),
    removeEntry: (id, entry) => listOf(id).writing(id, () => endpoints.removeEntry(id, entry)),
    remove: (id) => listOf(id).writing(id, () => endpoints.remove(id)),
  };
}

type Pacing = Pick<Client, "now" | "authenticate">;

export interface SharedEndpoints extends Endpoints {
  /** The object at some moment of this operation. */
  refresh(id: string, last: LastKnown): Promise<Live | undefined>;
}

function sharedList(definition: Definition, endpoints: Endpoints, client: Pacing, owner: string | undefined) {
  const waiting = new Set<Waiting>();
  /** The moment at which an object was last written, or read again. Pages that were requested before are out of date for it. */
  const outdated = new Map<string, number>();
  let moments = 0;
  let list = newList();
  const underWay = new Set<Promise<void>>();
  let looking = false;
  let lastSeen = client.now();

  function refresh(id: string, last: LastKnown): Promise<Live | undefined> {
    if (underWay.size === 0 && !looking && Math.abs(client.now() - lastSeen) > longestPause) list = newList();
    lastSeen = client.now();
    list.reads++;
    if (list.asked.has(id)) outdated.set(id, Math.max(++moments, outdated.get(id) ?? 0));
    list.asked.add(id);
    const listed = take(id, last);
    if (listed !== undefined) return Promise.resolve(listed);
    return new Promise((resolve, reject) => {
      waiting.add({ id, last, resolve, reject });
      if (!looking) void look();
    });
  }

  /** Answers all waiting reads, including new ones, or sends the requests that will. */
  async function look(): Promise<void> {
    looking = true;
    try {
      // The engine sends its reads one by one. Wait for the token, or at least for the next turn, so that several gather.
      await client.authenticate();
      await nextTurn();
      for (serve(); waiting.size > 0; serve()) {
        if (pageIsNext()) await readPage();
        else if (pageMayBeNext()) await Promise.race(underWay).then(nextTurn);
        else for (const one of waiting) readAlone(one);
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
      waiting.clear();
    } finally {
      looking = false;
      lastSeen = client.now();
    }
  }

  function serve(): void {
    for (const one of waiting) {
      const listed = take(one.id, one.last);
      if (listed === undefined) continue;
      waiting.delete(one);
      one.resolve(listed);
    }
  }

  /** The object from a page, if that is complete and recent enough. */
  function take(id: string, last: LastKnown): Live | undefined {
    const entry = list.entries.get(id);
    list.entries.delete(id);
    const isGood = entry !== undefined && entry.sent > (outdated.get(id) ?? 0) && isAllOfIt(definition, entry, last);
    return isGood ? entry.live : undefined;
  }

  function readAlone(one: Waiting): void {
    waiting.delete(one);
    list.gets++;
    const read = endpoints
      .get(one.id)
      .then(one.resolve, one.reject)
      .then(() => {
        underWay.delete(read);
        lastSeen = client.now();
      });
    underWay.add(read);
  }

  /** A started sweep continues to its goal. */
  function pageIsNext(): boolean {
    if (list.isOver) return false;
    if (list.pages < list.goal) return true;
    if (!isPageWorthIt(list)) return false;
    list.goal = list.pages + (list.left ?? 1);
    return true;
  }

  /** Whether waiting pays: the engine sends another read for each answer, if it has more. */
  const pageMayBeNext = (): boolean =>
    underWay.size > 0 &&
    !list.isOver &&
    list.left !== undefined &&
    isPageWorthIt({ ...list, reads: list.reads + underWay.size });

  async function readPage(): Promise<void> {
    const sent = ++moments;
    list.pages++;
    try {
      const { items, next, total } = await endpoints.page(owner, list.next);
      for (const listed of items) list.entries.set(listed.live.id, { ...listed, sent });
      list.listed += items.length;
      list.left = pagesLeft(list.pages, list.listed, total);
      list.isOver = next === undefined || list.tokens.has(next);
      list.next = next;
      if (next !== undefined) list.tokens.add(next);
    } catch {
      // The GETs report the problem, if it concerns them.
      list.isOver = true;
    }
  }

  /** Runs a write to `id`. A create does not need this, because no page shows its object from before. */
  async function writing<T>(id: string, write: () => Promise<T>): Promise<T> {
    outdated.set(id, Number.POSITIVE_INFINITY);
    try {
      return await write();
    } finally {
      outdated.set(id, ++moments);
    }
  }

  return { refresh, writing };
}

/** Milliseconds without a read after which the next one belongs to another operation. */
export const longestPause = 10_000;

/** What was last known of an object; `made` if this stack created it and knows nothing more. */
type LastKnown = Values | "made";

interface Waiting {
  readonly id: string;
  readonly last: LastKnown;
  resolve(live: Live | undefined): void;
  reject(error: unknown): void;
}

/** What was read of the list so far, and the requests for it. */
function newList() {
  return {
    asked: new Set<string>(),
    reads: 0,
    gets: 0,
    pages: 0,
    /** How many pages will be read. */
    goal: 0,
    left: undefined as number | undefined,
    listed: 0,
    next: undefined as string | undefined,
    tokens: new Set<string>(),
    isOver: false,
    /** Listed objects that no read has taken yet, and when their page was requested. */
    entries: new Map<string, Listed & { readonly sent: number }>(),
  };
}

/**
 * Whether the list shows the whole object. A field that lists may leave out is absent if it was absent before and nothing has changed
 * since. If another known field is missing, the object is read by itself, because nobody promises that a list shows everything.
 */
function isAllOfIt({ fields, outputs, api }: Definition, { live, isWhole }: Listed, last: LastKnown): boolean {
  // A create sets no field that lists leave out.
  const known: Values = last === "made" ? { updateTime: live["createTime"] } : last;
  const omitted = "mayOmit" in api ? (api.mayOmit ?? []) : [];
  const isSame = known["updateTime"] !== undefined && known["updateTime"] === live["updateTime"];
  if (!isWhole && !(isSame && omitted.every((name) => known[name] === undefined))) return false;
  // No read shows provider-only fields, nor outputs that only a create shows.
  const isNeverRead = (name: string): boolean =>
    fields[name]?.providerOnly === true || outputs[name]?.createOnly === true || omitted.includes(name);
  // A flag that is not shown is off.
  const isShown = (name: string): boolean =>
    outputs[name]?.type === "flag" ? live[name] === true : !same(live[name], undefined);
  const wasThere = (name: string): boolean => !same(known[name], undefined) && known[name] !== false;
  return Object.keys({ ...fields, ...outputs }).every((name) => isNeverRead(name) || !wasThere(name) || isShown(name));
}
