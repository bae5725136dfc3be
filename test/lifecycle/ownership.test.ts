import { describe, expect, test } from "vitest";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import type { State } from "../../src/lifecycle/state.ts";
import { begin, changedFields } from "../support/lifecycle.ts";

const declared = {
  displayName: "Megasoft",
  metadata: { tier: "gold", plan: "annual" },
  metadataOwnership: "declared",
};

/** An organization whose program owns only what it declares, and on which another system has set a key of its own. */
async function shared(semantics: SemanticsOptions = {}) {
  const begun = await begin(semantics);
  const made = await begun.lifecycle.create(declared);
  const metadata = { ...declared.metadata, crm_id: "4711" };
  await begun.edit(made.id, { metadata });
  return { ...begun, ...made };
}

const servers: SemanticsOptions[] = [{}, { metadata: "merge" }, { metadata: "merge", metadataRemoval: "null" }];

describe.each(servers)("metadata owned by key, on a server with %o", (semantics) => {
  test("another system's key survives every change of the program's own", async () => {
    const { lifecycle, stored, id, outs } = await shared(semantics);
    let state: State = outs;
    const steps = [{ tier: "iron", plan: "annual" }, { tier: "iron" }, {}, { tier: "gold", seats: "50" }, undefined];
    for (const metadata of steps) {
      const args = { ...declared, metadata };
      state = (await lifecycle.update(id, state, args)).outs;
      expect(stored()?.metadata).toEqual({ ...metadata, crm_id: "4711" });
      expect(changedFields(state, args)).toEqual([]);
    }
  });

  test("a key that the program gives up is cleared, and one that another system has of the same name is not fought over", async () => {
    const { lifecycle, edit, stored, id, outs } = await shared(semantics);
    const without = { ...declared, metadata: { tier: "gold" } };
    const { outs: state } = await lifecycle.update(id, outs, without);
    await edit(id, { metadata: { ...stored()?.metadata, plan: "theirs" } });
    expect(changedFields((await lifecycle.read(id, state)).props as State, without)).toEqual([]);
    await lifecycle.update(id, state, { ...without, displayName: "Renamed" });
    expect(stored()?.metadata).toEqual({ tier: "gold", plan: "theirs", crm_id: "4711" });
  });
});

test("another system's key is no drift and stands in no state", async () => {
  const { lifecycle, id, outs } = await shared();
  const { props, inputs } = await lifecycle.read(id, outs);
  expect(props).toMatchObject({ metadata: declared.metadata, metadataOwnership: "declared" });
  expect(props?.["metadata"]).not.toHaveProperty("crm_id");
  expect(inputs).toEqual(declared);
  expect(changedFields(props as State, declared)).toEqual([]);
});

test("drift in a key of the program's own is shown and reverted, with the other system's key left", async () => {
  const { lifecycle, edit, stored, id, outs } = await shared();
  await edit(id, { metadata: { tier: "iron", crm_id: "4711" } });
  const { props } = await lifecycle.read(id, outs);
  expect(changedFields(props as State, declared)).toEqual(["metadata"]);
  await lifecycle.update(id, props as State, declared);
  expect(stored()?.metadata).toEqual({ ...declared.metadata, crm_id: "4711" });
});

test("a key that was drift before ownership was given up stays", async () => {
  const { lifecycle, edit, stored } = await begin();
  const all = { ...declared, metadataOwnership: "all" as const };
  const { id, outs } = await lifecycle.create(all);
  await edit(id, { metadata: { ...declared.metadata, crm_id: "4711" } });
  const { props } = await lifecycle.read(id, outs);
  expect(changedFields(props as State, declared)).toContain("metadataOwnership");
  const { outs: state } = await lifecycle.update(id, props as State, declared);
  expect(stored()?.metadata).toEqual({ ...declared.metadata, crm_id: "4711" });
  expect(changedFields(state, declared)).toEqual([]);
});

test("taking ownership of all of it clears the keys of others", async () => {
  const { lifecycle, stored, id, outs } = await shared();
  await lifecycle.update(id, outs, { ...declared, metadataOwnership: "all" });
  expect(stored()?.metadata).toEqual(declared.metadata);
});

test("giving up the declared keys and their ownership at once clears those, and leaves the keys of others", async () => {
  const { lifecycle, stored, id, outs } = await shared();
  await lifecycle.update(id, outs, { displayName: "Megasoft" });
  expect(stored()?.metadata).toEqual({ crm_id: "4711" });
});

describe.each(servers)("taking `metadataOwnership` out of the program, on a server with %o", (semantics) => {
  const { metadataOwnership: _, ...all } = declared;

  test("makes all the metadata the program's: the keys of others are cleared, once", async () => {
    const { process, lifecycle, stored, writes, id, outs } = await shared(semantics);
    expect(await lifecycle.diff(id, outs, all)).toMatchObject({ isChanged: true, replaces: [] });
    const { outs: state } = await lifecycle.update(id, outs, all);
    expect(stored()?.metadata).toEqual(declared.metadata);
    expect(state).not.toHaveProperty("metadataOwnership");
    expect(state).toMatchObject(all);
    const sent = writes();
    expect(await process().diff(id, state, all)).toMatchObject({ isChanged: false });
    await process().update(id, state, all);
    expect(writes()).toBe(sent);
    expect((await process().read(id, state)).inputs).toEqual(all);
  });

  test("shows what others set from then on as drift", async () => {
    const { lifecycle, edit, id, outs } = await shared(semantics);
    const { outs: state } = await lifecycle.update(id, outs, all);
    await edit(id, { metadata: { ...declared.metadata, crm_id: "4711" } });
    const { props, inputs } = await lifecycle.read(id, state);
    expect(inputs).toEqual({ ...all, metadata: { ...declared.metadata, crm_id: "4711" } });
    expect(changedFields(props as State, all)).toEqual(["metadata"]);
  });

  test("sends nothing where nobody else has set a key", async () => {
    const { lifecycle, stored, writes } = await begin(semantics);
    const { id, outs } = await lifecycle.create(declared);
    const sent = writes();
    const { outs: state } = await lifecycle.update(id, outs, all);
    expect(writes()).toBe(sent);
    expect(stored()?.metadata).toEqual(declared.metadata);
    expect(changedFields(state, all)).toEqual([]);
  });

  test("leaves the keys of others where the declared ones go with it, and clears those", async () => {
    const { process, lifecycle, stored, id, outs } = await shared(semantics);
    const { metadata: __, ...none } = all;
    const { outs: state } = await lifecycle.update(id, outs, none);
    expect(stored()?.metadata).toEqual({ crm_id: "4711" });
    expect(await process().diff(id, state, none)).toMatchObject({ isChanged: false });
  });
});
