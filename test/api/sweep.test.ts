import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Endpoints } from "../../src/api/endpoints.ts";
import { withSharedReads } from "../../src/api/shared-reads.ts";
import { organization } from "../../src/definitions/organization.ts";

/** How many requests reads cost, counted on a list in memory: thousands of environments, some of them large. */
interface Environment {
  /** In the list's order. */
  readonly ids: readonly string[];
  readonly pageSize?: number;
  readonly total?: (shown: number) => number | undefined;
  /** How many turns of the event loop the `number`th request takes. */
  readonly turns?: (number: number) => number;
}

function apiOf({ ids, pageSize = 100, total = () => ids.length, turns = () => 1 }: Environment) {
  const there = new Set(ids);
  const asked = { gets: 0, pages: 0, together: 0 };
  const answered = async () => {
    for (let left = turns(asked.gets + asked.pages); left > 0; left--) await new Promise(setImmediate);
  };
  const one = (id: string) => ({ id, displayName: `Customer ${id}`, metadata: {} });
  const client = {
    now: () => 0,
    authenticate: answered,
    async get(id: string) {
      asked.gets++;
      await answered();
      return there.has(id) ? one(id) : undefined;
    },
    async page(_: undefined, token = "0") {
      asked.pages++;
      expect(++asked.together).toBe(1);
      await answered();
      asked.together--;
      const shown = ids.slice(Number(token), Number(token) + pageSize);
      const end = Number(token) + pageSize;
      return {
        items: shown.map((id) => ({ live: one(id), isWhole: true })),
        next: end < ids.length ? String(end) : undefined,
        total: total(shown.length),
      };
    },
  } as unknown as Endpoints & Pacing;
  return { client, asked, requests: () => asked.gets + asked.pages };
}

type Pacing = Parameters<typeof withSharedReads>[2];

/** Reads as the engine does: so many at a time, the next one as soon as one is answered. */
async function readAll(client: Endpoints & Pacing, ids: readonly string[], parallelism: number) {
  const reads = withSharedReads(organization, client, client);
  const found = new Map<string, string | undefined>();
  const queue = [...ids];
  const worker = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      found.set(id, (await reads.refresh(id, {}))?.id);
    }
  };
  await Promise.all(Array.from({ length: parallelism }, worker));
  return found;
}

const idsOf = (count: number, prefix = "org_"): string[] => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe("reads never take more than twice the best possible requests", () => {
  const totals = {
    "reported rightly": undefined,
    "not reported": () => undefined,
    "reported of the page alone": (shown: number) => shown,
  };
  const drawn = fc.record({
    pageSize: fc.integer({ min: 1, max: 20 }),
    size: fc.integer({ min: 0, max: 600 }),
    share: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
    gone: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
    parallelism: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 600 })),
    place: fc.constantFrom("first", "last", "anywhere"),
    order: fc.constantFrom("the list's", "the other way", "any"),
    chance: fc.infiniteStream(fc.nat(1_000_000)),
    turns: fc.infiniteStream(fc.integer({ min: 1, max: 4 })),
  });

  test.each(Object.entries(totals))("where the list's length is %s", async (_, total) => {
    const property = fc.asyncProperty(drawn, async ({ pageSize, size, share, gone, parallelism, ...rest }) => {
      const shuffled = <T>(items: readonly T[]): T[] =>
        items
          .map((item) => ({ item, at: rest.chance.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item);
      const ids = idsOf(size);
      const count = Math.round(size * share);
      const own = {
        first: ids.slice(0, count),
        last: ids.slice(size - count),
        anywhere: shuffled(ids).slice(0, count),
      };
      const listed = [...own[rest.place], ...idsOf(gone, "gone_")].sort((a, b) => ids.indexOf(a) - ids.indexOf(b));
      const read = { "the list's": listed, "the other way": listed.toReversed(), any: shuffled(listed) }[rest.order];

      const turns = () => rest.turns.next().value as number;
      const { client, requests } = apiOf({ ids, pageSize, turns, ...(total && { total }) });
      const found = await readAll(client, read, parallelism);

      for (const id of read) expect(found.get(id)).toBe(id.startsWith("gone_") ? undefined : id);
      const pages = Math.max(1, Math.ceil(size / pageSize));
      expect(requests()).toBeLessThanOrEqual(2 * Math.min(read.length, pages) + gone);
      if (read.length === 1) expect(requests()).toBe(1);
    });
    await fc.assert(property, { numRuns: 400, seed: 20_261_125 });
  });
});

test("no list, whatever it says of its length, makes it more than three requests for each read", async () => {
  const drawn = fc.record({
    size: fc.integer({ min: 0, max: 200 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    parallelism: fc.integer({ min: 1, max: 40 }),
    said: fc.infiniteStream(fc.option(fc.nat(1000), { nil: undefined })),
  });
  const property = fc.asyncProperty(drawn, async ({ size, share, parallelism, said }) => {
    const ids = idsOf(size);
    const { client, requests } = apiOf({ ids, pageSize: 2, total: () => said.next().value as number | undefined });
    const read = ids.slice(Math.floor(size * share)).reverse();
    expect([...(await readAll(client, read, parallelism)).values()].sort()).toEqual(read.toSorted());
    expect(requests()).toBeLessThanOrEqual(3 * read.length);
  });
  await fc.assert(property, { numRuns: 300, seed: 20_261_125 });
});

test("the bound is kept at every number of reads, where the organizations are the last of the list", async () => {
  for (let pages = 1; pages <= 12; pages++) {
    for (const parallelism of [1, 2, 3, 8, 40]) {
      for (let count = 1; count <= Math.min(2 * pages, 3 * pages - 1); count++) {
        const ids = idsOf(3 * pages);
        const { client, requests } = apiOf({ ids, pageSize: 3, turns: (number) => 1 + (number % 3) });
        await readAll(client, ids.slice(-count).reverse(), parallelism);
        expect(requests(), `${count} of ${pages} pages, ${parallelism} at a time`).toBeLessThanOrEqual(
          2 * Math.min(count, pages),
        );
      }
    }
  }
});

test.each([
  // reads, environment, parallelism, requests at most
  [1000, 1000, 8, 10],
  [1000, 1000, 16, 10],
  [1000, 1000, 1, 18],
  [3, 50_000, 8, 4],
  [1, 50_000, 8, 1],
  [100, 50_000, 8, 101],
  [2000, 2000, 8, 28],
  [10_000, 10_000, 8, 184],
  [10_000, 10_000, 64, 100],
  [100, 100, 8, 1],
])("%i organizations of %i, %i at a time, take %i requests", async (count, size, parallelism, most) => {
  const ids = idsOf(size);
  // The engine reads the oldest first, and the API lists the newest first.
  const { client, requests } = apiOf({ ids, turns: (number) => 2 + (number % 5) });
  await readAll(client, ids.slice(size - count).reverse(), parallelism);
  expect(requests()).toBeLessThanOrEqual(most);
});

test("a list that grows while it is read is read to the end that it had", async () => {
  const ids = idsOf(16 * 5);
  let total = ids.length;
  const { client, asked } = apiOf({ ids, pageSize: 5, total: () => total++ });
  await readAll(client, ids.slice(-8), 8);
  expect(asked).toMatchObject({ pages: 16, gets: 0 });
});

test.each([
  ["that has no end, by tokens that come again", 3, (token: string | undefined) => (token === "a" ? "b" : "a")],
  ["that has no end, by tokens that are always new", 200, () => `t${Math.random()}`],
])("a list %s costs no more than the reads do", async (_, pages, next) => {
  const ids = idsOf(200);
  const { client, asked } = apiOf({ ids });
  const endless = {
    ...client,
    page: async (_: unknown, token: string | undefined) => {
      asked.pages++;
      return { items: [], next: next(token), total: 1_000_000 };
    },
  };
  expect([...(await readAll(endless, ids, 8)).values()]).toEqual(ids);
  expect(asked.gets).toBe(200);
  expect(asked.pages).toBeLessThanOrEqual(pages);
});
