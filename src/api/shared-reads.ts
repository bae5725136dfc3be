import type { Organization } from "../schema.ts";
import type { Client } from "./client.ts";
import { isPageWorthIt, pagesLeft } from "./sweep.ts";
import type { Listed } from "./wire.ts";

/**
 * A client with `refresh`, which is `get` for the many organizations of one operation: those who wait at the same time
 * share the pages of the list, where that takes fewer requests (sweep.ts).
 *
 * What it gives is never older than the operation, which is all the reads without a pause between them; an organization
 * that is read again is never older than that second read. What this client writes is seen at once: for an organization
 * no page counts that was sent before the end of a write to it. "Not there" is said by a GET only, since a list that
 * changes while it is read can skip what is there. Whatever is wrong with the list costs GETs, and no more.
 */
export function withSharedReads(client: Client) {
  const waiting = new Set<Waiting>();
  /** When, in `moments`, an organization was last written, or read again: what was sent before is out of date for it. */
  const outdated = new Map<string, number>();
  let moments = 0;
  let list = newList();
  const underWay = new Set<Promise<void>>();
  let looking = false;
  let lastSeen = client.now();

  /** The organization as it is at some moment of this operation. */
  function refresh(id: string, last: LastKnown): Promise<Organization | undefined> {
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

  /** What a page has brought of the organization, if that may be given. */
  function take(id: string, last: LastKnown): Organization | undefined {
    const entry = list.entries.get(id);
    list.entries.delete(id);
    const isGood = entry !== undefined && entry.sent > (outdated.get(id) ?? 0) && isAllOfIt(entry, last);
    return isGood ? entry.organization : undefined;
  }

  function readAlone(one: Waiting): void {
    waiting.delete(one);
    list.gets++;
    const read = client
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
      const { organizations, next, total } = await client.page(list.next);
      for (const listed of organizations) list.entries.set(listed.organization.id, { ...listed, sent });
      list.listed += organizations.length;
      list.left = pagesLeft(list.pages, list.listed, total);
      list.isOver = next === undefined || list.tokens.has(next);
      list.next = next;
      if (next !== undefined) list.tokens.add(next);
    } catch {
      // What is wrong is told by the GETs, as far as it concerns those.
      list.isOver = true;
    }
  }

  /** Runs a write to the organization `id`. A create needs none: no page shows what it makes as it was before. */
  async function writing<T>(id: string, write: () => Promise<T>): Promise<T> {
    outdated.set(id, Number.POSITIVE_INFINITY);
    try {
      return await write();
    } finally {
      outdated.set(id, ++moments);
    }
  }

  return {
    ...client,
    refresh,
    update: (...args: Parameters<Client["update"]>) => writing(args[0], () => client.update(...args)),
    updateFeatures: (...args: Parameters<Client["updateFeatures"]>) =>
      writing(args[0], () => client.updateFeatures(...args)),
    remove: (id: string) => writing(id, () => client.remove(id)),
  };
}

/** Milliseconds without a read after which the next one belongs to another operation. */
export const longestPause = 10_000;

/** What was last known of an organization, of one that this stack made and has heard no more of that it was `made`. */
type LastKnown = Pick<Partial<Organization>, "features" | "updateTime"> | "made";

export type SharedClient = ReturnType<typeof withSharedReads>;

interface Waiting {
  readonly id: string;
  readonly last: LastKnown;
  resolve(organization: Organization | undefined): void;
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

/** What is shown without its settings may have features; it has none if it had none and has not been changed since. */
function isAllOfIt({ organization, isWhole }: Listed, last: LastKnown): boolean {
  // A create gives no features.
  const { features, updateTime } = last === "made" ? { updateTime: organization.createTime } : last;
  return isWhole || (features === undefined && updateTime !== undefined && updateTime === organization.updateTime);
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
