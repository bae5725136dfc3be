import { expect, test } from "vitest";
import { organization } from "../../src/definitions/organization.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { allJournals } from "../../src/lifecycle/journal-file.ts";
import { newLifecycle } from "../../src/lifecycle/lifecycle.ts";
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

test("one that the process of another provider has taken over is not deleted either, in the same run or a later one", async () => {
  const { emulator, process, said } = await begin();
  const old = await process().create(unguarded);
  // Both have begun before anything happens.
  const [native, dynamic] = [process(), process()];
  await dynamic.diff("org_of_another", {}, unguarded);
  await native.create({ ...unguarded, adopt: true });
  await dynamic.remove(old.id, old.outs);
  expect(emulator.organizations()).toMatchObject([{ id: old.id }]);
  expect(said).toContain(`Left ${old.id} at Scalekit, since another resource of this stack has it.`);
  await process().remove(old.id, old.outs);
  expect(emulator.organizations()).toHaveLength(1);
});

test("nor one that the journal of a stack that this process does not know says is taken over", async () => {
  const { emulator, client, process, folder } = await begin();
  const old = await process().create(unguarded);
  await process().create({ ...unguarded, adopt: true });
  const journal = openJournal(emulator.url, () => undefined, { readAll: allJournals(folder) });
  await newLifecycle(organization, client, { journal }).remove(old.id, old.outs);
  expect(emulator.organizations()).toMatchObject([{ id: old.id }]);
});

test("one that was taken over and then imported is deleted like any other", async () => {
  const { emulator, process } = await begin();
  await process().create(unguarded);
  const { id, outs } = await process().create({ ...unguarded, adopt: true });
  const imported = withNotes(outs, { claim: undefined });
  await process().diff(id, imported, unguarded);
  await process().remove(id, imported);
  expect(emulator.organizations()).toEqual([]);
});
