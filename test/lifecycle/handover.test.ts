import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import { handedOver, keyInWords, type Values } from "../../src/definitions/definition.ts";
import { snakeCase } from "../../src/definitions/names.ts";
import { organization } from "../../src/definitions/organization.ts";
import { spareKey } from "../../src/lifecycle/spare-key.ts";
import { notesIn, type State } from "../../src/lifecycle/state.ts";
import { begin, clientWith } from "../support/lifecycle.ts";
import { newProgram } from "../support/program.ts";

describe.each(handedOver(organization).map((field) => ({ field, words: keyInWords([field]) })))(
  "the $words",
  ({ field, words }) => {
    const keyOf = (one: object): unknown => (one as Values)[snakeCase(field)];

    const named = (key: string | undefined): Values => ({
      displayName: "Customer",
      ...(key === undefined ? {} : { [field]: key }),
    });

    /** Brings organizations with the keys `from` to those in `to`, all in one run and in the order of `first`. */
    async function move(from: string[], to: (string | undefined)[], how: "at once" | "one by one") {
      const begun = await begin();
      const made = [];
      for (const key of from) made.push(await begun.lifecycle.create(named(key)));
      const run = begun.process();
      const each = made.map(({ id, outs }, n) => ({ id, outs, args: named(to[n]) }));
      for (const { id, outs, args } of each) await run.diff(id, outs, args);
      const update = ({ id, outs, args }: (typeof each)[number]) => run.update(id, outs, args);
      if (how === "at once") await Promise.all(each.map(update));
      else for (const one of each) await update(one);
      return begun.emulator.organizations().map((one) => keyOf(one) ?? undefined);
    }

    test.each(["at once", "one by one"] as const)("two organizations swap theirs, %s", async (how) => {
      expect(await move(["a", "b"], ["b", "a"], how)).toEqual(["b", "a"]);
    });

    test.each(["at once", "one by one"] as const)("three hand theirs round, %s", async (how) => {
      expect(await move(["a", "b", "c"], ["b", "c", "a"], how)).toEqual(["b", "c", "a"]);
    });

    test("one gets what another gives up", async () => {
      expect(await move(["a", "b"], ["b", undefined], "one by one")).toEqual(["b", undefined]);
      expect(await move(["a", "b"], ["b", "c"], "one by one")).toEqual(["b", "c"]);
    });

    test("a new organization gets what another gives up", async () => {
      const { lifecycle, emulator } = await begin();
      const { id, outs } = await lifecycle.create(named("a"));
      await lifecycle.diff(id, outs, named("b"));
      await lifecycle.create(named("a"));
      await lifecycle.update(id, outs, named("b"));
      expect(emulator.organizations().map(keyOf)).toEqual(["b", "a"]);
    });

    test("nothing is taken from an organization that is to keep its own, or that this run does not change", async () => {
      const { lifecycle, organizations, stored } = await begin();
      const foreign = await organizations.create(undefined, named("a"));
      const { id, outs } = await lifecycle.create(named("b"));
      await lifecycle.diff(id, outs, named("a"));
      await expect(lifecycle.update(id, outs, named("a"))).rejects.toThrow(
        `Could not update organization ${id}: its new ${words} belongs to ${foreign.id}`,
      );
      expect(stored()).toMatchObject({ id: foreign.id, [snakeCase(field)]: "a" });
    });

    test("one that is let go of between the refusal and the look at who has it is asked for again", async () => {
      const { lifecycle, emulator, stored } = await begin();
      const refusal = { kind: "status", status: 409, code: "ALREADY_EXISTS" } as const;
      emulator.fail({ method: "POST", effect: refusal });
      const { id, outs } = await lifecycle.create(named("a"));
      emulator.fail({ method: "PATCH", effect: refusal });
      await lifecycle.update(id, outs, named("b"));
      expect(stored()).toMatchObject({ id, [snakeCase(field)]: "b" });
    });

    test("a holder that the engine has not come to yet is waited for, but not for ever", async () => {
      const begun = await begin();
      const first = await begun.lifecycle.create(named("a"));
      const second = await begun.lifecycle.create(named("b"));
      let waits = 0;
      let atLast = async () => {};
      const run = begun.process("stack", {
        ...begun.client,
        sleep: async () => {
          if (++waits === 3) await atLast();
        },
      });
      await run.diff(first.id, first.outs, named("b"));
      await expect(run.update(first.id, first.outs, named("b"))).rejects.toThrow(`belongs to ${second.id}`);
      expect(waits).toBe(30);
      waits = 0;
      atLast = async () => void (await run.diff(second.id, second.outs, named("c")));
      await run.update(first.id, first.outs, named("b"));
      expect(waits).toBe(3);
      const held = new Map(begun.emulator.organizations().map((one) => [one.id, keyOf(one)]));
      expect(held.get(first.id)).toBe("b");
      // Not lost, only moving, until its own update.
      expect(held.get(second.id)).toBe(spareKey(organization, field, second.id));
    });

    test("nothing is taken from an organization whose own this run restores", async () => {
      const { lifecycle } = await begin();
      const { id, outs } = await lifecycle.create(named("a"));
      const holder = await lifecycle.create(named("b"));
      await lifecycle.diff(holder.id, { ...holder.outs, [field]: "by-hand" }, named("b"));
      await lifecycle.diff(id, outs, named("b"));
      await expect(lifecycle.update(id, outs, named("b"))).rejects.toThrow(`belongs to ${holder.id}`);
    });

    test("an organization that has just got its new one is not made to let go of that", async () => {
      const begun = await begin();
      const first = await begun.lifecycle.create(named("a"));
      const second = await begun.lifecycle.create(named("b"));
      const { promise: found, resolve: tell } = Promise.withResolvers<void>();
      // The first finds out who has what it wants, and before it acts on that the other one gets ahead of it.
      const slow = clientWith(begun.client, ({ findByKey, get }) => {
        const slowly = async (answer: Live | undefined) => {
          if (answer?.id !== second.id) return answer;
          tell();
          await new Promise((resolve) => setTimeout(resolve, 100));
          return answer;
        };
        return {
          findByKey: async (values) => slowly(await findByKey(values)),
          get: async (id) => slowly(await get(id)),
        };
      });
      const run = begun.process("stack", slow);
      await run.diff(first.id, first.outs, named("b"));
      await run.diff(second.id, second.outs, named("a"));
      const updating = run.update(first.id, first.outs, named("b"));
      await found;
      const swapped = run.update(second.id, second.outs, named("a"));
      await Promise.all([updating, swapped]);
      const held = new Map(begun.emulator.organizations().map((one) => [one.id, keyOf(one)]));
      expect([held.get(first.id), held.get(second.id)]).toEqual(["b", "a"]);
    });

    test("an organization whose own update has failed is not made to let go of what it has", async () => {
      const begun = await begin();
      const first = await begun.lifecycle.create(named("a"));
      const second = await begun.lifecycle.create(named("b"));
      const run = begun.process();
      await run.diff(first.id, first.outs, named("b"));
      await run.diff(second.id, second.outs, named("c"));
      begun.emulator.fail({ method: "PATCH", effect: { kind: "status", status: 403 } });
      await expect(run.update(second.id, second.outs, named("c"))).rejects.toThrow("403");
      await expect(run.update(first.id, first.outs, named("b"))).rejects.toThrow(`belongs to ${second.id}`);
      expect(begun.emulator.organizations().map(keyOf)).toEqual(["a", "b"]);
    });

    test("a holder that was made to let go gets its own back by a run whose program has it as before", async () => {
      const begun = await begin();
      const first = await begun.lifecycle.create(named("a"));
      const second = await begun.lifecycle.create(named("b"));
      const run = begun.process();
      await run.diff(first.id, first.outs, named("b"));
      await run.diff(second.id, second.outs, named("a"));
      const { outs } = await run.update(first.id, first.outs, named("b"));
      // The run ends here. The program goes back to what it was.
      const next = begun.process();
      await next.diff(first.id, outs, named("a"));
      expect(await next.diff(second.id, second.outs, named("b"))).toMatchObject({ isChanged: true });
      await next.update(first.id, outs, named("a"));
      await next.update(second.id, second.outs, named("b"));
      expect(begun.emulator.organizations().map(keyOf)).toEqual(["a", "b"]);
      expect(await begun.process().diff(second.id, second.outs, named("b"))).toMatchObject({ isChanged: false });
    });

    test("what a refresh compares with is no promise of this run's program", async () => {
      const begun = await begin();
      const { id, outs } = await begun.lifecycle.create(named("b"));
      await begun.edit(id, { [field]: "a" });
      const run = begun.process();
      const { props } = await run.read(id, outs);
      await run.diff(id, props as typeof outs, named("b"), { isOfProgram: false });
      await expect(run.create(named("a"))).rejects.toThrow(`belongs to ${id}`);
      expect(keyOf(begun.stored() ?? {})).toBe("a");
    });

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
      expect(emulator.organizations().map(keyOf)).toEqual(Array.from({ length: 20 }, (_, n) => `${to(n)}`));
      expect(program.open.size).toBe(0);
      const next = process();
      for (const { id, outs, args } of after)
        expect(await next.diff(id, outs, args)).toMatchObject({ isChanged: false });
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
      const foreign = await organizations.create(undefined, named("b"));
      const { id, outs } = await lifecycle.create(named("a"));
      const run = process();
      const program = newProgram();
      const args = { ...named("b"), displayName: "Renamed" };
      await run.diff(id, outs, args);
      const updated = await run.update(id, outs, args, { guarantor: program });
      expect(updated.outs).toMatchObject({
        displayName: "Renamed",
        [field]: "b",
        __notes: { owed: expect.any(String) },
      });
      expect([...program.open.values()]).toEqual([`the ${words} of ${id} from ${foreign.id}`]);
      const live = () => emulator.organizations().find((one) => one.id === id);
      expect(live()).toMatchObject({ display_name: "Renamed", [snakeCase(field)]: "a" });
      expect(await process().diff(id, updated.outs, args)).toMatchObject({ isChanged: true });
      // A refresh says what there is.
      expect((await process().read(id, updated.outs)).props).toMatchObject({ [field]: "a" });
      // The other one goes, and the next run gives it.
      await organizations.remove(foreign.id);
      const next = process();
      await next.diff(id, updated.outs, args);
      const done = await next.update(id, updated.outs, args);
      expect(notesIn(done.outs).owed).toBeUndefined();
      expect(live()).toMatchObject({ [snakeCase(field)]: "b" });
    });

    test("what a run has left for later and did not do, the next one does, whichever comes first", async () => {
      for (const order of [
        [0, 1],
        [1, 0],
      ] as const) {
        const { lifecycle, emulator, process } = await begin();
        const made = [await lifecycle.create(named("a")), await lifecycle.create(named("b"))];
        const args = [named("b"), named("a")];
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
        expect(emulator.organizations().map(keyOf)).toEqual(["b", "a"]);
      }
    });

    test("a holder that turns out to keep its own does so, and the debt stays open", async () => {
      const { lifecycle, emulator, process } = await begin();
      const one = await lifecycle.create(named("a"));
      const other = await lifecycle.create(named("b"));
      const run = process();
      const program = newProgram();
      await run.diff(one.id, one.outs, named("b"));
      await run.update(one.id, one.outs, named("b"), { guarantor: program });
      const renamed = { ...named("b"), displayName: "Renamed" };
      await run.diff(other.id, other.outs, renamed);
      await run.update(other.id, other.outs, renamed, { guarantor: program });
      expect(emulator.organizations().map(keyOf)).toEqual(["a", "b"]);
      expect(program.open.size).toBe(1);
    });

    test("one that cannot be given later stays a debt, with the reason reported", async () => {
      const { lifecycle, emulator, process, said } = await begin();
      const one = await lifecycle.create(named("a"));
      const other = await lifecycle.create(named("b"));
      const run = process();
      const program = newProgram();
      await run.diff(one.id, one.outs, named("b"));
      const left = await run.update(one.id, one.outs, named("b"), { guarantor: program });
      await run.diff(other.id, other.outs, named("c"));
      emulator.fail({
        method: "PATCH",
        path: `/api/v1/organizations/${one.id}`,
        effect: { kind: "status", status: 403 },
      });
      await run.update(other.id, other.outs, named("c"), { guarantor: program });
      expect(program.open.size).toBe(1);
      expect(said.join()).toContain("403");
      expect(await process().diff(one.id, left.outs, named("b"))).toMatchObject({ isChanged: true });
    });

    test("creates whose keys others have wait beside one another, and send little", async () => {
      const begun = await begin();
      const ids = Array.from({ length: 30 }, (_, n) => `cust-${n}`);
      for (const key of ids) await begun.organizations.create(undefined, named(key));
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
      const ended = await Promise.allSettled(ids.map((key) => run.create(named(key))));
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
            const foreign = await organizations.create(undefined, named("foreign"));
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
            const held = new Map(emulator.organizations().map((one) => [one.id, keyOf(one)]));
            for (let n = 0; n < size; n++) expect(held.get(saved.get(n)?.id ?? "")).toBe(`${back[n]}`);
            expect(held.get(foreign.id)).toBe("foreign");
          },
        ),
        { numRuns: Number(process.env["SWAP_RUNS"] ?? 30) },
      );
    });
  },
);
