import fc from "fast-check";
import { expect, test } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import { notesIn, type State } from "../../src/lifecycle/state.ts";
import { begin, clientWith } from "../support/lifecycle.ts";

const named = (externalId: string | undefined): Values => ({
  displayName: "Customer",
  ...(externalId === undefined ? {} : { externalId }),
});

/** Brings organizations with the external IDs `from` to those in `to`, all in one run and in the order of `first`. */
async function move(from: string[], to: (string | undefined)[], how: "at once" | "one by one") {
  const begun = await begin();
  const made = [];
  for (const externalId of from) made.push(await begun.lifecycle.create(named(externalId)));
  const run = begun.process();
  const each = made.map(({ id, outs }, n) => ({ id, outs, args: named(to[n]) }));
  for (const { id, outs, args } of each) await run.diff(id, outs, args);
  const update = ({ id, outs, args }: (typeof each)[number]) => run.update(id, outs, args);
  if (how === "at once") await Promise.all(each.map(update));
  else for (const one of each) await update(one);
  return begun.emulator.organizations().map(({ external_id }) => external_id ?? undefined);
}

test.each(["at once", "one by one"] as const)("two organizations swap their external IDs, %s", async (how) => {
  expect(await move(["A", "B"], ["B", "A"], how)).toEqual(["B", "A"]);
});

test.each(["at once", "one by one"] as const)("three hand theirs round, %s", async (how) => {
  expect(await move(["A", "B", "C"], ["B", "C", "A"], how)).toEqual(["B", "C", "A"]);
});

test("one gets what another gives up", async () => {
  expect(await move(["A", "B"], ["B", undefined], "one by one")).toEqual(["B", undefined]);
  expect(await move(["A", "B"], ["B", "C"], "one by one")).toEqual(["B", "C"]);
});

test("a new organization gets what another gives up", async () => {
  const { lifecycle, emulator } = await begin();
  const { id, outs } = await lifecycle.create(named("A"));
  await lifecycle.diff(id, outs, named("B"));
  await lifecycle.create(named("A"));
  await lifecycle.update(id, outs, named("B"));
  expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(["B", "A"]);
});

test("nothing is taken from an organization that is to keep its own, or that this run does not change", async () => {
  const { lifecycle, organizations, stored } = await begin();
  const foreign = await organizations.create(undefined, named("A"));
  const { id, outs } = await lifecycle.create(named("B"));
  await lifecycle.diff(id, outs, named("A"));
  await expect(lifecycle.update(id, outs, named("A"))).rejects.toThrow(
    `Could not update organization ${id}: its new external ID belongs to ${foreign.id}`,
  );
  expect(stored()).toMatchObject({ id: foreign.id, external_id: "A" });
});

test("an external ID that is let go of between the refusal and the look at who has it is asked for again", async () => {
  const { lifecycle, emulator, stored } = await begin();
  const refusal = { kind: "status", status: 409, code: "ALREADY_EXISTS" } as const;
  emulator.fail({ method: "POST", effect: refusal });
  const { id, outs } = await lifecycle.create(named("A"));
  emulator.fail({ method: "PATCH", effect: refusal });
  await lifecycle.update(id, outs, named("B"));
  expect(stored()).toMatchObject({ id, external_id: "B" });
});

test("a holder that the engine has not come to yet is waited for, but not for ever", async () => {
  const begun = await begin();
  const first = await begun.lifecycle.create(named("A"));
  const second = await begun.lifecycle.create(named("B"));
  let waits = 0;
  let atLast = async () => {};
  const run = begun.process("stack", {
    ...begun.client,
    sleep: async () => {
      if (++waits === 3) await atLast();
    },
  });
  await run.diff(first.id, first.outs, named("B"));
  await expect(run.update(first.id, first.outs, named("B"))).rejects.toThrow(`belongs to ${second.id}`);
  expect(waits).toBe(30);
  waits = 0;
  atLast = async () => void (await run.diff(second.id, second.outs, named("C")));
  await run.update(first.id, first.outs, named("B"));
  expect(waits).toBe(3);
  const held = new Map(begun.emulator.organizations().map(({ id, external_id }) => [id, external_id]));
  expect(held.get(first.id)).toBe("B");
  // Not lost, only moving, until its own update.
  expect(held.get(second.id)).toBe(`moving:${second.id}`);
});

test("nothing is taken from an organization whose external ID this run restores", async () => {
  const { lifecycle } = await begin();
  const { id, outs } = await lifecycle.create(named("A"));
  const holder = await lifecycle.create(named("B"));
  await lifecycle.diff(holder.id, { ...holder.outs, externalId: "BY-HAND" }, named("B"));
  await lifecycle.diff(id, outs, named("B"));
  await expect(lifecycle.update(id, outs, named("B"))).rejects.toThrow(`belongs to ${holder.id}`);
});

test("an organization that has just got its new external ID is not made to let go of that", async () => {
  const begun = await begin();
  const first = await begun.lifecycle.create(named("A"));
  const second = await begun.lifecycle.create(named("B"));
  const { promise: found, resolve: tell } = Promise.withResolvers<void>();
  // The first finds out who has what it wants, and before it acts on that the other one gets ahead of it.
  const slow = clientWith(begun.client, ({ findByKey }) => ({
    findByKey: async (values) => {
      const holder = await findByKey(values);
      if (values["externalId"] !== "B") return holder;
      tell();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return holder;
    },
  }));
  const run = begun.process("stack", slow);
  await run.diff(first.id, first.outs, named("B"));
  await run.diff(second.id, second.outs, named("A"));
  const updating = run.update(first.id, first.outs, named("B"));
  await found;
  const swapped = run.update(second.id, second.outs, named("A"));
  await Promise.all([updating, swapped]);
  const held = new Map(begun.emulator.organizations().map(({ id, external_id }) => [id, external_id]));
  expect([held.get(first.id), held.get(second.id)]).toEqual(["B", "A"]);
});

test("an organization whose own update has failed is not made to let go of what it has", async () => {
  const begun = await begin();
  const first = await begun.lifecycle.create(named("A"));
  const second = await begun.lifecycle.create(named("B"));
  const run = begun.process();
  await run.diff(first.id, first.outs, named("B"));
  await run.diff(second.id, second.outs, named("C"));
  begun.emulator.fail({ method: "PATCH", effect: { kind: "status", status: 403 } });
  await expect(run.update(second.id, second.outs, named("C"))).rejects.toThrow("403");
  await expect(run.update(first.id, first.outs, named("B"))).rejects.toThrow(`belongs to ${second.id}`);
  expect(begun.emulator.organizations().map(({ external_id }) => external_id)).toEqual(["A", "B"]);
});

test("a holder that was made to let go gets its external ID back by a run whose program has it as before", async () => {
  const begun = await begin();
  const first = await begun.lifecycle.create(named("A"));
  const second = await begun.lifecycle.create(named("B"));
  const run = begun.process();
  await run.diff(first.id, first.outs, named("B"));
  await run.diff(second.id, second.outs, named("A"));
  const { outs } = await run.update(first.id, first.outs, named("B"));
  // The run ends here. The program goes back to what it was.
  const next = begun.process();
  await next.diff(first.id, outs, named("A"));
  expect(await next.diff(second.id, second.outs, named("B"))).toMatchObject({ isChanged: true });
  await next.update(first.id, outs, named("A"));
  await next.update(second.id, second.outs, named("B"));
  expect(begun.emulator.organizations().map(({ external_id }) => external_id)).toEqual(["A", "B"]);
  expect(await begun.process().diff(second.id, second.outs, named("B"))).toMatchObject({ isChanged: false });
});

test("what a refresh compares with is no promise of this run's program", async () => {
  const begun = await begin();
  const { id, outs } = await begun.lifecycle.create(named("B"));
  await begun.edit(id, { externalId: "A" });
  const run = begun.process();
  const { props } = await run.read(id, outs);
  await run.diff(id, props as typeof outs, named("B"), { isOfProgram: false });
  await expect(run.create(named("A"))).rejects.toThrow(`belongs to ${id}`);
  expect(begun.stored()?.external_id).toBe("A");
});

/** A program that has more organizations than the engine has come to, and what was left for later by it. */
function newProgram() {
  const open = new Map<string, string>();
  const program = {
    more: true,
    open,
    isMoreToCome: () => program.more,
    owe: async ({ nonce, id, holder }: { nonce: string; id: string; holder: string }) => {
      open.set(nonce, `${id} from ${holder}`);
    },
    settle: async (nonce: string) => void open.delete(nonce),
  };
  return program;
}

/** Moves as a single worker of the engine does, which comes to one organization after the other. */
async function moveInTurn(count: number, to: (n: number) => number) {
  const begun = await begin();
  const made = [];
  for (let n = 0; n < count; n++) made.push(await begun.lifecycle.create(named(`${n}`)));
  const program = newProgram();
  const run = begun.process();
  const after = [];
  for (const [n, { id, outs }] of made.entries()) {
    const args = named(`${to(n)}`);
    program.more = n + 1 < count;
    expect(await run.diff(id, outs, args)).toMatchObject({ isChanged: true });
    after.push({ id, args, ...(await run.update(id, outs, args, { guarantor: program })) });
  }
  return { ...begun, after, program };
}

test.each<[string, (n: number) => number]>([
  ["far pairs", (n) => 19 - n],
  ["near pairs", (n) => n ^ 1],
  ["a rotation", (n) => (n + 1) % 20],
  ["a rotation the other way", (n) => (n + 19) % 20],
  ["a shuffle", (n) => (n * 7 + 3) % 20],
])("%s change hands though no update sees the ones after it", async (_, to) => {
  const { emulator, after, program, process } = await moveInTurn(20, to);
  expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(
    Array.from({ length: 20 }, (_, n) => `${to(n)}`),
  );
  expect(program.open.size).toBe(0);
  const next = process();
  for (const { id, outs, args } of after) expect(await next.diff(id, outs, args)).toMatchObject({ isChanged: false });
  // Where the journal was lost they are looked at, and nothing is sent.
  const elsewhere = process("elsewhere");
  const writes = emulator.requests.filter(({ method }) => method === "PATCH").length;
  for (const { id, outs, args } of after) {
    expect(await elsewhere.diff(id, outs, args)).toMatchObject({ isChanged: notesIn(outs).owed !== undefined });
    const again = await elsewhere.update(id, outs, args);
    expect(notesIn(again.outs).owed).toBeUndefined();
    expect(await elsewhere.diff(id, again.outs, args)).toMatchObject({ isChanged: false });
  }
  expect(emulator.requests.filter(({ method }) => method === "PATCH").length).toBe(writes);
});

test("what is left for later is done all the same in every other field, and until it is paid the next run is to do it", async () => {
  const { lifecycle, organizations, emulator, process } = await begin();
  const foreign = await organizations.create(undefined, named("B"));
  const { id, outs } = await lifecycle.create(named("A"));
  const run = process();
  const program = newProgram();
  const args = { ...named("B"), displayName: "Renamed" };
  await run.diff(id, outs, args);
  const updated = await run.update(id, outs, args, { guarantor: program });
  expect(updated.outs).toMatchObject({
    displayName: "Renamed",
    externalId: "B",
    __notes: { owed: expect.any(String) },
  });
  expect([...program.open.values()]).toEqual([`${id} from ${foreign.id}`]);
  const live = () => emulator.organizations().find((one) => one.id === id);
  expect(live()).toMatchObject({ display_name: "Renamed", external_id: "A" });
  expect(await process().diff(id, updated.outs, args)).toMatchObject({ isChanged: true });
  // A refresh says what there is.
  expect((await process().read(id, updated.outs)).props).toMatchObject({ externalId: "A" });
  // The other one goes, and the next run gives it.
  await organizations.remove(foreign.id);
  const next = process();
  await next.diff(id, updated.outs, args);
  const done = await next.update(id, updated.outs, args);
  expect(notesIn(done.outs).owed).toBeUndefined();
  expect(live()).toMatchObject({ external_id: "B" });
});

test("what a run has left for later and did not do, the next one does, whichever comes first", async () => {
  for (const order of [
    [0, 1],
    [1, 0],
  ] as const) {
    const { lifecycle, emulator, process } = await begin();
    const made = [await lifecycle.create(named("A")), await lifecycle.create(named("B"))];
    const args = [named("B"), named("A")];
    const run = process();
    await run.diff(made[0]?.id ?? "", made[0]?.outs ?? {}, args[0] ?? {});
    // The run ends here: the engine has saved the one, and not come to the other.
    const { outs } = await run.update(made[0]?.id ?? "", made[0]?.outs ?? {}, args[0] as Values, {
      guarantor: newProgram(),
    });
    const states = [outs, made[1]?.outs ?? {}];
    const next = process();
    for (const n of order)
      expect(await next.diff(made[n]?.id ?? "", states[n] ?? {}, args[n] ?? {})).toMatchObject({ isChanged: true });
    for (const n of order) await next.update(made[n]?.id ?? "", states[n] ?? {}, args[n] as Values);
    expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(["B", "A"]);
  }
});

test("a holder that turns out to keep its own does so, and the debt stays open", async () => {
  const { lifecycle, emulator, process } = await begin();
  const one = await lifecycle.create(named("A"));
  const other = await lifecycle.create(named("B"));
  const run = process();
  const program = newProgram();
  await run.diff(one.id, one.outs, named("B"));
  await run.update(one.id, one.outs, named("B"), { guarantor: program });
  const renamed = { ...named("B"), displayName: "Renamed" };
  await run.diff(other.id, other.outs, renamed);
  await run.update(other.id, other.outs, renamed, { guarantor: program });
  expect(emulator.organizations().map(({ external_id }) => external_id)).toEqual(["A", "B"]);
  expect(program.open.size).toBe(1);
});

test("an external ID that cannot be given later stays a debt, with the reason told", async () => {
  const { lifecycle, emulator, process, said } = await begin();
  const one = await lifecycle.create(named("A"));
  const other = await lifecycle.create(named("B"));
  const run = process();
  const program = newProgram();
  await run.diff(one.id, one.outs, named("B"));
  const left = await run.update(one.id, one.outs, named("B"), { guarantor: program });
  await run.diff(other.id, other.outs, named("C"));
  emulator.fail({ method: "PATCH", path: `/api/v1/organizations/${one.id}`, effect: { kind: "status", status: 403 } });
  await run.update(other.id, other.outs, named("C"), { guarantor: program });
  expect(program.open.size).toBe(1);
  expect(said.join()).toContain("403");
  expect(await process().diff(one.id, left.outs, named("B"))).toMatchObject({ isChanged: true });
});

test("creates whose external IDs others have wait beside one another, and send little", async () => {
  const begun = await begin();
  const ids = Array.from({ length: 30 }, (_, n) => `CUST-${n}`);
  for (const externalId of ids) await begun.organizations.create(undefined, named(externalId));
  let waiting = 0;
  let most = 0;
  const run = begun.process("stack", {
    ...begun.client,
    sleep: async () => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setTimeout(resolve, 5));
      waiting--;
    },
  });
  const before = begun.emulator.requests.length;
  const ended = await Promise.allSettled(ids.map((externalId) => run.create(named(externalId))));
  expect(ended.map(({ status }) => status)).toEqual(ids.map(() => "rejected"));
  expect(most).toBe(30);
  // A create and two looks at who has it.
  expect(begun.emulator.requests.length - before).toBeLessThanOrEqual(3 * 30);
});

test("whatever moves to wherever, with any number of workers, through a kill, with the journal kept or not", async () => {
  const size = 8;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 2 * size }),
      fc.boolean(),
      async (to, back, workers, kill, kept) => {
        const { lifecycle, organizations, emulator, process } = await begin();
        const foreign = await organizations.create(undefined, named("FOREIGN"));
        const saved = new Map<number, { id: string; outs: State }>();
        for (let n = 0; n < size; n++) saved.set(n, await lifecycle.create(named(`${n}`)));

        /** The engine: diffs one after the other, and no further than its workers can take. */
        async function up(args: (n: number) => Values, stack: string, saves = Number.POSITIVE_INFINITY) {
          const run = process(stack);
          const program = newProgram();
          const busy = new Set<Promise<void>>();
          let left = saves;
          for (let n = 0; n < size; n++) {
            const { id, outs } = saved.get(n) ?? { id: "", outs: {} };
            const { isChanged } = await run.diff(id, outs, args(n));
            program.more = n + 1 < size;
            if (!isChanged) continue;
            if (busy.size === workers) await Promise.race(busy);
            if (left <= 0) break;
            const step = run.update(id, outs, args(n), { guarantor: program }).then((done) => {
              if (left-- > 0) saved.set(n, { id, ...done });
              busy.delete(step);
            });
            busy.add(step);
          }
          await Promise.all(busy);
          return program.open.size;
        }

        const first = await up((n) => named(`${to[n]}`), "stack", kill);
        if (kill >= size) expect(first).toBe(0);
        const next = kept ? "stack" : "elsewhere";
        // The same program goes on without a refresh.
        expect(await up((n) => named(`${to[n]}`), kill % 2 === 0 ? next : "stack")).toBe(0);
        for (const [n, { id, outs }] of kill % 3 === 0 ? saved : []) {
          saved.set(n, { id, outs: (await process(next).read(id, outs)).props as State });
        }
        expect(await up((n) => named(`${back[n]}`), next)).toBe(0);
        const held = new Map(emulator.organizations().map(({ id, external_id }) => [id, external_id]));
        for (let n = 0; n < size; n++) expect(held.get(saved.get(n)?.id ?? "")).toBe(`${back[n]}`);
        expect(held.get(foreign.id)).toBe("FOREIGN");
      },
    ),
    { numRuns: Number(process.env["SWAP_RUNS"] ?? 30) },
  );
});
