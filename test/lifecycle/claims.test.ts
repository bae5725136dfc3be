import { expect, test } from "vitest";
import { type State, withNotes } from "../../src/lifecycle/state.ts";
import { begin, full } from "../support/lifecycle.ts";

const unguarded = { ...full, deletionProtection: false };

/** An organization that its resource had, and that a resource of another name has adopted in a later run. */
async function adopted() {
  const begun = await begin();
  const old = await begun.process().create(unguarded);
  const run = begun.process();
  const fresh = await run.create({ ...unguarded, adopt: true });
  return { ...begun, run, old, fresh };
}

test("an organization that another resource has adopted is not deleted with the one that had it", async () => {
  const { emulator, run, old, fresh, said } = await adopted();
  await run.remove(old.id, old.outs);
  expect(emulator.organizations()).toMatchObject([{ id: fresh.id }]);
  expect(said).toContain(`Left ${old.id} at Scalekit, since another resource of this stack has it.`);
});

test("nor in a later run, when the first did not come to it, nor after a refresh", async () => {
  const { emulator, process, old, fresh } = await adopted();
  const later = process();
  const { props } = await later.read(fresh.id, fresh.outs);
  await later.diff(fresh.id, props as State, unguarded);
  await later.remove(old.id, (await later.read(old.id, old.outs)).props as State);
  expect(emulator.organizations()).toHaveLength(1);
});

test("a destroy deletes it, whichever of the two comes first", async () => {
  const { emulator, process, old, fresh } = await adopted();
  const destroy = process();
  await destroy.remove(old.id, old.outs);
  await destroy.remove(fresh.id, fresh.outs);
  expect(emulator.organizations()).toEqual([]);
});

test("a resource that is replaced by force is deleted first", async () => {
  const { emulator, process } = await begin();
  const { id, outs } = await process().create(unguarded);
  const run = process();
  await run.diff(id, outs, unguarded);
  await run.remove(id, outs);
  expect(emulator.organizations()).toEqual([]);
});

test("an update keeps a resource's claim", async () => {
  const { emulator, process } = await begin();
  const { id, outs } = await process().create(unguarded);
  const run = process();
  const { outs: state } = await run.update(id, outs, { ...unguarded, displayName: "Renamed" });
  await run.diff(id, outs, unguarded);
  await run.remove(id, state);
  expect(emulator.organizations()).toEqual([]);
});

test("a resource that was imported is deleted like any other, also after a refresh in the same run", async () => {
  const { emulator, process } = await begin();
  const { id, outs } = await process().create(unguarded);
  const imported = withNotes(outs, { claim: undefined });
  const run = process();
  const { props } = await run.read(id, imported);
  await run.diff(id, props as State, unguarded);
  await run.remove(id, props as State);
  expect(emulator.organizations()).toEqual([]);
});

test("an imported organization that another resource has adopted is not deleted with the one that had it", async () => {
  const { emulator, process } = await begin();
  const { id, outs } = await process().create(unguarded);
  const imported = withNotes(outs, { claim: undefined });
  const run = process();
  await run.create({ ...unguarded, adopt: true });
  await run.remove(id, imported);
  expect(emulator.organizations()).toMatchObject([{ id }]);
});
