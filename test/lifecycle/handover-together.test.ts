import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Definition, handedOver, isReplacing, type Values } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organization } from "../../src/definitions/organization.ts";
import { problemWithValues } from "../../src/lifecycle/check.ts";
import { spareKey } from "../../src/lifecycle/spare-key.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { begin } from "../support/lifecycle.ts";
import { newProgram } from "../support/program.ts";
import { requestsOf } from "../support/seed.ts";

const moving = (Object.values(definitions) as Definition[]).flatMap((definition) =>
  handedOver(definition).map((field) => ({ definition, kind: definition.name, field })),
);

test.each(moving)("the $field of one $kind can be changed in place and between two keys stands for none", (one) => {
  const { definition, field } = one;
  expect(isReplacing(definition, field)).toBe(false);
  const spares = ["org_59615193906282635", `org_${"9".repeat(28)}`].map((id) => spareKey(definition, field, id));
  for (const spare of spares) {
    expect(problemWithValues(definition, { [field]: spare })).toBeUndefined();
    expect(spare).toMatch(/^moving/);
  }
  expect(new Set(spares).size).toBe(2);
});

const keyed = (externalId: string | undefined, slug: string | undefined, displayName = "Customer"): Values => ({
  displayName,
  ...(externalId !== undefined && { externalId }),
  ...(slug !== undefined && { slug }),
});

/** Organizations with these keys, and what they have now, in their order. */
async function beginWith(...each: Values[]) {
  const begun = await begin();
  const made: { id: string; outs: State }[] = [];
  for (const args of each) made.push(await begun.lifecycle.create(args));
  const held = () => {
    const all = new Map(begun.emulator.organizations().map((one) => [one.id, one]));
    return made.map(({ id }) => `${all.get(id)?.external_id ?? "-"} ${all.get(id)?.slug ?? "-"}`);
  };
  const [one = { id: "", outs: {} }, other = { id: "", outs: {} }] = made;
  return { ...begun, made, one, other, held };
}

describe("an external ID and a slug at once", () => {
  test("two organizations swap both with one look at who has them", async () => {
    const { emulator, process, one, other, held } = await beginWith(keyed("a", "a"), keyed("b", "b"));
    const run = process();
    await run.diff(one.id, one.outs, keyed("b", "b"));
    await run.diff(other.id, other.outs, keyed("a", "a"));
    const sent = await requestsOf(emulator, async () => {
      await run.update(one.id, one.outs, keyed("b", "b"));
      await run.update(other.id, other.outs, keyed("a", "a"));
    });
    expect(held()).toEqual(["b b", "a a"]);
    expect(sent.map((request) => request.split(" ")[0])).toEqual(["PATCH", "GET", "PATCH", "PATCH", "GET", "PATCH"]);
  });

  test("one gets its external ID from one organization and its slug from another", async () => {
    const { process, made, held } = await beginWith(keyed("a", "a"), keyed("b", "b"), keyed("c", "c"));
    const args = [keyed("b", "c"), keyed("c", "a"), keyed("a", "b")];
    const run = process();
    for (const [n, { id, outs }] of made.entries()) await run.diff(id, outs, args[n] ?? {});
    for (const [n, { id, outs }] of made.entries()) await run.update(id, outs, args[n] ?? {});
    expect(held()).toEqual(["b c", "c a", "a b"]);
  });

  test("a new organization gets an external ID from one and a slug from another", async () => {
    const { process, one, other, emulator } = await beginWith(keyed("a", "a"), keyed("b", "b"));
    const run = process();
    await run.diff(one.id, one.outs, keyed("x", "a"));
    await run.diff(other.id, other.outs, keyed("b", "y"));
    await run.create(keyed("a", "b"));
    await run.update(one.id, one.outs, keyed("x", "a"));
    await run.update(other.id, other.outs, keyed("b", "y"));
    expect(emulator.organizations().map(({ external_id, slug }) => `${external_id} ${slug}`)).toEqual([
      "x a",
      "b y",
      "a b",
    ]);
  });

  test("nothing is taken from anyone where one of the two keys stays with its holder", async () => {
    const { process, made, held } = await beginWith(keyed("a", "a"), keyed("b", "b"), keyed("c", "c"));
    const [one, other, third] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
    const run = process();
    await run.diff(one.id, one.outs, keyed("b", "c"));
    await run.diff(other.id, other.outs, keyed("d", "b"));
    await run.diff(third.id, third.outs, keyed("c", "c"));
    await expect(run.update(one.id, one.outs, keyed("b", "c"))).rejects.toThrow(
      `Could not update organization ${one.id}: its new slug belongs to ${third.id}, and a slug is unique in an environment.`,
    );
    expect(held()).toEqual(["a a", "b b", "c c"]);
  });

  test("a create is refused with who has its slug, and nothing is made", async () => {
    const { lifecycle, one, emulator } = await beginWith(keyed("a", "a"));
    for (const args of [keyed(undefined, "a"), keyed("b", "a")]) {
      await expect(lifecycle.create(args)).rejects.toThrow("slug already exists");
      await expect(lifecycle.create(args)).rejects.toThrow(
        `Its slug belongs to ${one.id}, and a slug is unique in an environment. Nothing was created. Give one of the two another slug.`,
      );
    }
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("both are left for later under one note, and given one by one", async () => {
    const { process, made, held } = await beginWith(keyed("a", "a"), keyed("b", "b"), keyed("c", "c"));
    const [one, other, third] = made as [(typeof made)[0], (typeof made)[0], (typeof made)[0]];
    const run = process();
    const guarantor = newProgram();
    const args = [keyed("b", "c", "Renamed"), keyed("x", "b"), keyed("c", "a")] as const;
    await run.diff(one.id, one.outs, args[0]);
    const left = await run.update(one.id, one.outs, args[0], { guarantor });
    expect(left.outs).toMatchObject({ ...args[0], __notes: { owed: expect.any(String) } });
    expect([...guarantor.open.values()]).toEqual([
      `the external ID of ${one.id} from ${other.id}`,
      `the slug of ${one.id} from ${third.id}`,
    ]);
    expect(held()).toEqual(["a a", "b b", "c c"]);
    await run.diff(other.id, other.outs, args[1]);
    await run.update(other.id, other.outs, args[1], { guarantor });
    expect([...guarantor.open.values()]).toEqual([`the slug of ${one.id} from ${third.id}`]);
    expect(held()).toEqual(["b a", "x b", "c c"]);
    // The note is open until all of it is given.
    expect(await process().diff(one.id, left.outs, args[0])).toMatchObject({ isChanged: true });
    await run.diff(third.id, third.outs, args[2]);
    await run.update(third.id, third.outs, args[2], { guarantor });
    expect(held()).toEqual(["b c", "x b", "c a"]);
    expect(guarantor.open.size).toBe(0);
    expect(await process().diff(one.id, left.outs, args[0])).toMatchObject({ isChanged: false });
  });

  test("what is free is given at once, and only the rest is left for later", async () => {
    const { process, one, other, held } = await beginWith(keyed("a", "a"), keyed("b", "b"));
    const run = process();
    const guarantor = newProgram();
    await run.diff(one.id, one.outs, keyed("x", "b"));
    await run.update(one.id, one.outs, keyed("x", "b"), { guarantor });
    expect(held()).toEqual(["x a", "b b"]);
    await run.diff(other.id, other.outs, keyed("a", "a"));
    await run.update(other.id, other.outs, keyed("a", "a"), { guarantor });
    expect(held()).toEqual(["x b", "a a"]);
    expect(guarantor.open.size).toBe(0);
  });
});

describe("a slug, which only the list shows", () => {
  const lists = (sent: readonly string[]) => sent.filter((one) => one === "GET /api/v1/organizations").length;

  test("costs no list where the run knows the holder, and one list where it does not, however many are refused", async () => {
    const foreign = ["w", "x", "y", "z"];
    const { process, organizations, emulator, one, other, held } = await beginWith(keyed("a", "a"), keyed("b", "b"));
    const run = process();
    await run.diff(one.id, one.outs, keyed("a", "b"));
    await run.diff(other.id, other.outs, keyed("b", "a"));
    const swapped = await requestsOf(emulator, async () => {
      await Promise.all([
        run.update(one.id, one.outs, keyed("a", "b")),
        run.update(other.id, other.outs, keyed("b", "a")),
      ]);
    });
    expect(held()).toEqual(["a b", "b a"]);
    expect(lists(swapped)).toBe(0);
    for (const slug of foreign) await organizations.create(undefined, keyed(undefined, slug));
    const next = process();
    const state = { ...one.outs, slug: "b" };
    const refused = await requestsOf(emulator, async () => {
      for (const slug of foreign) {
        await next.diff(one.id, state, keyed("a", slug));
        await expect(next.update(one.id, state, keyed("a", slug))).rejects.toThrow("its new slug belongs to");
      }
    });
    expect(lists(refused)).toBe(1);
  });

  test("is looked for no further down the list than to its holder, page by page", async () => {
    const { lifecycle, process, organizations, emulator } = await begin({ pageSize: { max: 10 }, order: "oldest" });
    for (let n = 0; n < 30; n++) await organizations.create(undefined, keyed(undefined, `theirs-${n}`));
    const { id, outs } = await lifecycle.create(keyed("a", "a"));
    const run = process();
    const pagesFor = async (slug: string) => {
      const sent = await requestsOf(emulator, async () => {
        await run.diff(id, outs, keyed("a", slug));
        await expect(run.update(id, outs, keyed("a", slug))).rejects.toThrow("its new slug belongs to");
      });
      return lists(sent);
    };
    expect(await pagesFor("theirs-5")).toBe(1);
    expect(await pagesFor("theirs-9")).toBe(0);
    expect(await pagesFor("theirs-25")).toBe(2);
    expect(await pagesFor("theirs-12")).toBe(0);
  });

  test("a list that fails hides no refusal, and is read again for the next", async () => {
    const { process, organizations, emulator, one } = await beginWith(keyed("a", "a"));
    const foreign = await organizations.create(undefined, keyed(undefined, "b"));
    const run = process();
    const update = () => run.update(one.id, one.outs, keyed("a", "b"));
    await run.diff(one.id, one.outs, keyed("a", "b"));
    emulator.fail({ method: "GET", path: "/api/v1/organizations", effect: { kind: "status", status: 403 } });
    await expect(update()).rejects.toThrow("slug already exists");
    await expect(update()).rejects.toThrow(`its new slug belongs to ${foreign.id}`);
  });
});

test("a run that ends between the spare keys and the declared ones leaves the rest to the next", async () => {
  const { process, one, other, held } = await beginWith(keyed("a", "a"), keyed("b", "b"));
  const run = process();
  await run.diff(one.id, one.outs, keyed("b", "b"));
  await run.diff(other.id, other.outs, keyed("a", "a"));
  const { outs } = await run.update(one.id, one.outs, keyed("b", "b"));
  expect(held()).toEqual([
    "b b",
    `${spareKey(organization, "externalId", other.id)} ${spareKey(organization, "slug", other.id)}`,
  ]);
  // The program goes back for the one, and the other keeps what its state says.
  const next = process();
  await next.diff(one.id, outs, keyed("a", "a"));
  expect(await next.diff(other.id, other.outs, keyed("b", "b"))).toMatchObject({ isChanged: true });
  await next.update(one.id, outs, keyed("a", "a"));
  await next.update(other.id, other.outs, keyed("b", "b"));
  expect(held()).toEqual(["a a", "b b"]);
  expect(await process().diff(other.id, other.outs, keyed("b", "b"))).toMatchObject({ isChanged: false });
});

test("whatever moves to wherever in each key, with any number of workers, through a kill, with the journal kept or not", async () => {
  const size = 6;
  const order = fc.shuffledSubarray([...Array(size).keys()], { minLength: size });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(order, order),
      fc.tuple(order, order),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 2 * size }),
      fc.boolean(),
      async (to, back, workers, kill, kept) => {
        const first = Array.from({ length: size }, (_, n) => keyed(`e${n}`, `s${n}`));
        const { made, held, process, organizations } = await beginWith(...first);
        await organizations.create(undefined, keyed("foreign", "foreign"));
        const moved =
          ([ids = [], slugs = []]: readonly number[][]) =>
          (n: number) =>
            keyed(`e${ids[n]}`, `s${slugs[n]}`);

        /** The engine: diffs one after the other, and no further than its workers can take. */
        async function up(args: (n: number) => Values, stack: string, saves = Number.POSITIVE_INFINITY) {
          const run = process(stack);
          const program = newProgram();
          const busy = new Set<Promise<void>>();
          let left = saves;
          for (const [n, { id, outs }] of made.entries()) {
            const { isChanged } = await run.diff(id, outs, args(n));
            program.more = n + 1 < size;
            if (!isChanged) continue;
            if (busy.size === workers) await Promise.race(busy);
            if (left <= 0) break;
            const step = run.update(id, outs, args(n), { guarantor: program }).then((done) => {
              if (left-- > 0) made[n] = { id, ...done };
              busy.delete(step);
            });
            busy.add(step);
          }
          await Promise.all(busy);
          return program.open.size;
        }

        const open = await up(moved(to), "stack", kill);
        if (kill >= size) expect(open).toBe(0);
        const next = kept ? "stack" : "elsewhere";
        expect(await up(moved(to), kill % 2 === 0 ? next : "stack")).toBe(0);
        for (const [n, { id, outs }] of kill % 3 === 0 ? made.entries() : []) {
          made[n] = { id, outs: (await process(next).read(id, outs)).props as State };
        }
        expect(await up(moved(back), next)).toBe(0);
        expect(held()).toEqual(made.map((_, n) => `e${back[0][n]} s${back[1][n]}`));
      },
    ),
    { numRuns: Number(process.env["SWAP_RUNS"] ?? 30) },
  );
});
