import { expect, test } from "vitest";
import type { OrganizationArgs } from "../src/schema.ts";
import { begin } from "./support/lifecycle.ts";

const named = (externalId: string | undefined): OrganizationArgs => ({
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
  const { lifecycle, client, stored } = await begin();
  const foreign = await client.create(named("A"));
  const { id, outs } = await lifecycle.create(named("B"));
  await lifecycle.diff(id, outs, named("A"));
  await expect(lifecycle.update(id, outs, named("A"))).rejects.toThrow(
    `Could not update organization ${id}: the external ID that it is to have belongs to ${foreign.id}`,
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
  const run = begun.process("stack", {
    ...begun.client,
    getByExternalId: async (externalId) => {
      const holder = await begun.client.getByExternalId(externalId);
      if (externalId !== "B") return holder;
      tell();
      await new Promise((resolve) => setTimeout(resolve, 100));
      return holder;
    },
  });
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
  expect(await next.diff(second.id, second.outs, named("B"))).toBe(true);
  await next.update(first.id, outs, named("A"));
  await next.update(second.id, second.outs, named("B"));
  expect(begun.emulator.organizations().map(({ external_id }) => external_id)).toEqual(["A", "B"]);
  expect(await begun.process().diff(second.id, second.outs, named("B"))).toBe(false);
});

test("what a refresh compares with is no promise of this run's program", async () => {
  const begun = await begin();
  const { id, outs } = await begun.lifecycle.create(named("B"));
  await begun.client.update(id, { externalId: "A" }, "plain", []);
  const run = begun.process();
  const { props } = await run.read(id, outs);
  await run.diff(id, props as typeof outs, named("B"), false);
  await expect(run.create(named("A"))).rejects.toThrow(`belongs to ${id}`);
  expect(begun.stored()?.external_id).toBe("A");
});
