import { type Definition, isOwned, isSetting, type Values } from "../definitions/definition.ts";
import { same } from "../definitions/want.ts";
import type { Client } from "./client.ts";
import type { Listed, Live } from "./codec.ts";
import type { Endpoints } from "./endpoints.ts";
import { isPageWorthIt, pagesLeft } from "./sweep.ts";

/**
 * Endpoints with `refresh`, which is `get` for the many remote objects of one operation: those that are read at the same
 * time share the pages of the list, where that takes fewer requests (sweep.ts).
 *
 * What it gives is never older than the operation, which is all the reads without a pause between them; one that is read
 * again is never older than that second read. What is written here is seen at once: for an object no page counts that was
 * sent before the end of a write to it. "Not there" is said by a GET only, since a list that changes while it is read can
 * skip what is there. Whatever is wrong with the list costs GETs, and no more.
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
  /** The object as it is at some moment of this operation. */
  refresh(id: string, last: LastKnown): Promise<Live | undefined>;
}

function sharedList(definition: Definition, endpoints: Endpoints, client: Pacing, owner: string | undefined) {
  const waiting = new Set<Waiting>();
  /** When, in `moments`, one was last written, or read again: what was sent before is out of date for it. */
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

  /** Answers all who wait and who come to wait meanwhile, or sends what will. */
  async function look(): Promise<void> {
    looking = true;
    try {
      // The engine's reads come one by one. While the token comes, or at least until the next turn, they gather.
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

  /** What a page has brought of it, if that may be given. */
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

  /** A sweep that was begun goes on as far as it was meant to. */
  function pageIsNext(): boolean {
    if (list.isOver) return false;
    if (list.pages < list.goal) return true;
    if (!isPageWorthIt(list)) return false;
    list.goal = list.pages + (list.left ?? 1);
    return true;
  }

  /** Whether it is worth to wait and see: the engine will send another read for each that is answered, if it has more. */
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
      // What is wrong is told by the GETs, as far as it concerns those.
      list.isOver = true;
    }
  }

  /** Runs a write to `id`. A create needs none: no page shows what it makes as it was before. */
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

/** What was last known of one; of one that this stack made and has heard no more of, that it was `made`. */
type LastKnown = Values | "made";

interface Waiting {
  readonly id: string;
  readonly last: LastKnown;
  resolve(live: Live | undefined): void;
  reject(error: unknown): void;
}

/** What has been read of the list, and what that has cost. */
function newList() {
  return {
    asked: new Set<string>(),
    reads: 0,
    gets: 0,
    pages: 0,
    /** The pages that it was decided to read. */
    goal: 0,
    left: undefined as number | undefined,
    listed: 0,
    next: undefined as string | undefined,
    tokens: new Set<string>(),
    isOver: false,
    /** What was listed and has not been given yet, and when its page was sent. */
    entries: new Map<string, Listed & { readonly sent: number }>(),
  };
}

/**
 * Whether a list shows all of it. What lists may leave out is not there if it was not there before and nothing has changed
 * since. Anything else that was there and is not shown is asked for by itself, for nobody promises that a list shows all.
 */
function isAllOfIt({ fields, outputs, api }: Definition, { live, isWhole }: Listed, last: LastKnown): boolean {
  // A create sets nothing that lists leave out.
  const known: Values = last === "made" ? { updateTime: live["createTime"] } : last;
  const omitted = "mayOmit" in api ? (api.mayOmit ?? []) : [];
  const isSame = known["updateTime"] !== undefined && known["updateTime"] === live["updateTime"];
  if (!isWhole && !(isSame && omitted.every((name) => known[name] === undefined))) return false;
  // No read shows what only the provider knows, nor what a create alone has shown.
  const isNeverRead = (name: string): boolean =>
    fields[name]?.providerOnly === true || outputs[name]?.createOnly === true || omitted.includes(name);
  // A flag that is not shown is off.
  const isShown = (name: string): boolean =>
    outputs[name]?.type === "flag" ? live[name] === true : !same(live[name], undefined);
  const wasThere = (name: string): boolean => !same(known[name], undefined) && known[name] !== false;
  return Object.keys({ ...fields, ...outputs }).every((name) => isNeverRead(name) || !wasThere(name) || isShown(name));
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
