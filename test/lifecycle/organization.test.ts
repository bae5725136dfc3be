import { describe, expect, test } from "vitest";
import type { Live } from "../../src/api/codec.ts";
import type { Values } from "../../src/definitions/definition.ts";
import type { SemanticsOptions } from "../../src/emulator/index.ts";
import { notesIn, type State } from "../../src/lifecycle/state.ts";
import { begin, changedFields, clientWith, full } from "../support/lifecycle.ts";
import { requestsOf } from "../support/seed.ts";

describe("create", () => {
  test("makes the organization as declared, in one request", async () => {
    const { lifecycle, stored, writes } = await begin();
    const { id, outs } = await lifecycle.create(full);
    expect(stored()).toMatchObject({
      id,
      display_name: "Megasoft",
      external_id: "CUST-1",
      metadata: { tier: "gold", plan: "annual" },
    });
    expect(outs).toMatchObject({ ...full, regionCode: "US", createTime: stored()?.create_time });
    expect(notesIn(outs)).not.toHaveProperty("undeclared");
    expect(writes()).toBe(1);
  });

  test.each([400, 409] as const)("names the holder of a taken external ID (duplicate = %i)", async (duplicate) => {
    const { lifecycle, emulator } = await begin({ duplicate });
    const { id } = await lifecycle.create(full);
    await expect(lifecycle.create({ ...full, displayName: "Other" })).rejects.toThrow(
      `its external ID belongs to ${id}, created ${emulator.organizations()[0]?.create_time}`,
    );
    expect(emulator.organizations()).toHaveLength(1);
  });

  test("says what the server said when the external ID is not the reason", async () => {
    const { lifecycle, emulator } = await begin();
    await expect(lifecycle.create({ ...full, displayName: "" })).rejects.toThrow("organization.display_name");
    expect(emulator.organizations()).toEqual([]);
  });

  test("keeps the id of an organization that was made but is not as declared", async () => {
    const { client, process, stored } = await begin();
    // The answer to the POST shows another name, and so do every PATCH and look: a server that rewrites names.
    const loud = async (asked: Promise<Live | undefined>) => ({ ...((await asked) as Live), displayName: "MEGASOFT" });
    const rewriting = clientWith(client, ({ create, update, get }) => ({
      create: (...asked) => loud(create(...asked)),
      update: (...asked) => loud(update(...asked)),
      get: (id) => loud(get(id)),
    }));
    await expect(process("stack", rewriting).create(full)).rejects.toMatchObject({
      id: stored()?.id ?? expect.stringMatching(/^org_/),
      properties: { displayName: "MEGASOFT", externalId: "CUST-1" },
      message: expect.stringContaining("another value for displayName"),
    });
  });

  test("keeps the id when a follow-up fails for any reason", async () => {
    const { client, emulator, process } = await begin();
    const forgetful = clientWith(client, ({ create }) => ({
      create: async (...asked) => ({ ...(await create(...asked)), metadata: {} }),
    }));
    emulator.fail({ method: "PATCH", count: 50, effect: { kind: "status", status: 403 } });
    await expect(process("stack", forgetful).create(full)).rejects.toMatchObject({
      id: expect.stringMatching(/^org_/),
      properties: { displayName: "Megasoft" },
    });
  });
});

describe("read", () => {
  test("gives nothing for an organization that is gone", async () => {
    const { lifecycle, organizations } = await begin();
    const { id, outs } = await lifecycle.create(full);
    await organizations.remove(id);
    expect(await lifecycle.read(id, outs)).toEqual({});
  });

  test("shows drift of declared fields in inputs and outputs", async () => {
    const { lifecycle, edit } = await begin();
    const { id, outs } = await lifecycle.create(full);
    await edit(id, { displayName: "By hand", externalId: null, metadata: { tier: "iron" } });
    const found = await lifecycle.read(id, outs);
    expect(found.inputs).toEqual({ displayName: "By hand", metadata: { tier: "iron" } });
    expect(found.props).toMatchObject({ displayName: "By hand", metadata: { tier: "iron" } });
    expect(changedFields(found.props as State, full)).toEqual(["displayName", "externalId", "metadata"]);
  });

  test("shows fields that nobody declared without making them inputs", async () => {
    const { lifecycle, edit } = await begin();
    const { id, outs } = await lifecycle.create({ displayName: "Sandbox" });
    await edit(id, { metadata: { tier: "iron" } });
    const found = await lifecycle.read(id, outs);
    expect(found.inputs).toEqual({ displayName: "Sandbox" });
    expect(found.props).toMatchObject({ metadata: { tier: "iron" }, __notes: { undeclared: ["metadata"] } });
  });

  test("shows everything to a look-up, which brings no state", async () => {
    const { lifecycle } = await begin();
    const { id } = await lifecycle.create(full);
    expect(await lifecycle.read(id, {})).toMatchObject({ id, props: full, inputs: full });
  });

  test.each([
    ["all", full],
    ["least", { displayName: "Sandbox" }],
  ])("remembers of a look-up that the program declares nothing, with %s that there is", async (_, args) => {
    const { lifecycle, edit } = await begin();
    const { id } = await lifecycle.create(args);
    const { props } = await lifecycle.read(id, {});
    expect(notesIn(props ?? {})).toEqual({ undeclared: Object.keys(args) });
    // A refresh brings what was saved of the look-up, and has nothing to say that a policy would take for the program's.
    expect(await lifecycle.read(id, props as State)).toEqual({ id, props, inputs: {} });
    await edit(id, { displayName: "Renamed", metadata: { new: "yes" } });
    const { props: later, inputs } = await lifecycle.read(id, props as State);
    expect(later).toMatchObject({ displayName: "Renamed", metadata: { new: "yes" } });
    expect(notesIn(later ?? {})).toEqual({ undeclared: [...new Set([...Object.keys(args), "metadata"])] });
    expect(inputs).toEqual({});
  });
});

describe("reads at once", () => {
  const several = async () => {
    const begun = await begin();
    const made = await Promise.all(["A", "B", "C"].map((displayName) => begun.lifecycle.create({ displayName })));
    // Reads of one run are never answered from what another has seen.
    return { ...begun, made, lifecycle: begun.process() };
  };

  test("share the list, and see what the same run then does", async () => {
    const { lifecycle, emulator, made } = await several();
    const asked = await requestsOf(emulator, async () => {
      const found = await Promise.all(made.map(({ id, outs }) => lifecycle.read(id, outs)));
      expect(found.map(({ props }) => props)).toEqual(made.map(({ outs }) => outs));
    });
    expect(asked).toEqual(["GET /api/v1/organizations"]);
    const [{ id, outs }] = made as [(typeof made)[number]];
    const renamed = await lifecycle.update(id, outs, { displayName: "Renamed" });
    expect((await lifecycle.read(id, renamed.outs)).props).toEqual(renamed.outs);
  });

  test("do not where they bring no state, for a program may have changed what it looks up", async () => {
    const { lifecycle, emulator, made } = await several();
    const [a, b, c] = made.map(({ id }) => id);
    const asked = await requestsOf(emulator, () => Promise.all(made.map(({ id }) => lifecycle.read(id, {}))));
    expect(asked.sort()).toEqual([a, b, c].map((id) => `GET /api/v1/organizations/${id}`).sort());
  });
});

describe("update", () => {
  test("sends what changed and nothing else", async () => {
    const { lifecycle, stored, writes } = await begin();
    const { id, outs } = await lifecycle.create(full);
    const changed = { ...full, metadata: { tier: "iron", plan: "annual" } };
    expect((await lifecycle.update(id, outs, changed)).outs).toMatchObject(changed);
    expect(stored()).toMatchObject({ display_name: "Megasoft", metadata: changed.metadata });
    expect(writes()).toBe(2);
  });

  test("sends nothing where a field that was already so becomes declared", async () => {
    const { lifecycle, edit, writes } = await begin();
    const { id, outs } = await lifecycle.create({ displayName: "Megasoft" });
    await edit(id, { externalId: "CUST-1" });
    const { props } = await lifecycle.read(id, outs);
    const before = writes();
    const declared = { displayName: "Megasoft", externalId: "CUST-1" };
    expect(notesIn((await lifecycle.update(id, props as State, declared)).outs)).not.toHaveProperty("undeclared");
    expect(writes()).toBe(before);
  });

  test("brings back what someone changed meanwhile, as soon as an answer shows it", async () => {
    const { lifecycle, edit, stored } = await begin();
    const { id, outs } = await lifecycle.create(full);
    await edit(id, { displayName: "By hand" });
    await lifecycle.update(id, outs, { ...full, externalId: "CUST-2" });
    expect(stored()).toMatchObject({ display_name: "Megasoft", external_id: "CUST-2" });
  });

  test("leaves alone what the program never declared", async () => {
    const { lifecycle, edit, stored } = await begin();
    const { id, outs } = await lifecycle.create({ displayName: "Sandbox" });
    await edit(id, { externalId: "BY-HAND", metadata: { tier: "iron" } });
    await lifecycle.update(id, outs, { displayName: "Sales sandbox" });
    expect(stored()).toMatchObject({
      display_name: "Sales sandbox",
      external_id: "BY-HAND",
      metadata: { tier: "iron" },
    });
  });

  test("says that the organization is gone, and what to do", async () => {
    const { lifecycle, organizations } = await begin();
    const { id, outs } = await lifecycle.create(full);
    await organizations.remove(id);
    await expect(lifecycle.update(id, outs, { ...full, displayName: "New" })).rejects.toThrow(
      `Organization ${id} no longer exists at Scalekit. Run \`pulumi refresh\``,
    );
  });
});

describe("an update whose answer is lost for good", () => {
  test("is in doubt in the state: the next run looks, also when the program says what it said before", async () => {
    const { emulator, process, stored } = await begin();
    const { id, outs } = await process().create(full);
    emulator.fail({ method: "PATCH", count: 6, effect: { kind: "cut", when: "after" } });
    const failure = await process()
      .update(id, outs, { ...full, displayName: "Oops" })
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ id, properties: { displayName: "Megasoft", __notes: { unsure: true } } });
    const { properties } = failure as { properties: State };
    const run = process();
    expect(await run.diff(id, properties, full)).toMatchObject({ isChanged: true });
    const { outs: state } = await run.update(id, properties, full);
    expect(stored()?.display_name).toBe("Megasoft");
    expect(notesIn(state)).not.toHaveProperty("unsure");
    expect(await process().diff(id, state, full)).toMatchObject({ isChanged: false });
  });
});

/** Every way in which a server may want to be asked to clear something. */
const servers: SemanticsOptions[] = [
  {},
  { externalIdClear: "null" },
  { externalIdClear: "mask" },
  { emptyMetadata: "ignored" },
  { emptyMetadata: "ignored", metadataRemoval: "null" },
  { metadata: "merge" },
  { metadata: "merge", metadataRemoval: "null" },
  { metadata: "merge", metadataRemoval: "null", externalIdClear: "mask" },
  { metadata: "merge", metadataRemoval: "mask", externalIdClear: "null" },
];

describe.each(servers)("clearing, on a server with %o", (semantics) => {
  const ladder: [string, Values][] = [
    ["metadata grows", { ...full, metadata: { tier: "gold", plan: "annual", seats: "50" } }],
    ["one key goes", { ...full, metadata: { tier: "gold", plan: "annual" } }],
    ["one key goes as another comes", { ...full, metadata: { tier: "iron", seats: "5" } }],
    ["all metadata goes, declared empty", { ...full, metadata: {} }],
    ["metadata comes back", { ...full, metadata: { tier: "gold" } }],
    ["all metadata goes, taken out of the program", { displayName: "Megasoft", externalId: "CUST-1" }],
    ["the external ID goes", { displayName: "Megasoft" }],
    ["both come back", full],
    ["both go, and the name changes", { displayName: "Renamed" }],
  ];

  test("reaches every step of the ladder, and a second look finds nothing to do", async () => {
    const { lifecycle, stored } = await begin(semantics);
    const created = await lifecycle.create(full);
    let state = created.outs;
    for (const [step, args] of ladder) {
      state = (await lifecycle.update(created.id, state, args)).outs;
      expect(stored(), step).toMatchObject({
        display_name: args["displayName"],
        external_id: args["externalId"] ?? null,
        metadata: args["metadata"] ?? {},
      });
      expect(Object.keys(stored()?.metadata ?? {}), step).toHaveLength(Object.keys(args["metadata"] ?? {}).length);
      expect(changedFields(state, args), step).toEqual([]);
      const { props } = await lifecycle.read(created.id, state);
      expect(props, step).toEqual(state);
    }
  });

  test("learns how this server wants it said, and says it so the next time", async () => {
    const { lifecycle, writes } = await begin(semantics);
    const created = await lifecycle.create(full);
    const renamed = await lifecycle.update(created.id, created.outs, { displayName: "Megasoft" });
    const restored = await lifecycle.update(created.id, renamed.outs, full);
    const before = writes();
    await lifecycle.update(created.id, restored.outs, { displayName: "Megasoft" });
    // Two fields may each want to be asked in a way of its own.
    expect(writes() - before).toBeLessThanOrEqual(2);
  });
});

describe("a server that clears nothing", () => {
  const never: SemanticsOptions = { externalIdClear: "never", metadata: "merge", metadataRemoval: "never" };

  test.each([
    ["an external ID", { displayName: "Megasoft", metadata: full.metadata }, "did not clear externalId"],
    ["a metadata key", { ...full, metadata: { tier: "gold" } }, "did not clear metadata"],
    ["all of it", { displayName: "Megasoft" }, "did not clear externalId and metadata"],
  ])("%s: fails, keeps the state true, and fails again at the next up", async (_, args, problem) => {
    const { lifecycle, stored } = await begin(never);
    const { id, outs } = await lifecycle.create(full);
    const failure = await lifecycle.update(id, outs, args as Values).catch((error: unknown) => error);
    expect(failure).toMatchObject({ id, message: expect.stringContaining(problem), reasons: [expect.any(String)] });
    const { properties } = failure as { properties: State };
    expect(properties).toMatchObject({ displayName: stored()?.display_name, metadata: stored()?.metadata });
    expect(changedFields(properties, args)).not.toEqual([]);
    await expect(lifecycle.update(id, properties, args as Values)).rejects.toThrow(problem);
  });
});

describe("delete", () => {
  test("takes the organization away", async () => {
    const { lifecycle, emulator } = await begin();
    const { id, outs } = await lifecycle.create(full);
    await lifecycle.remove(id, { ...outs, deletionProtection: false });
    expect(emulator.organizations()).toEqual([]);
  });

  test.each([404, 200] as const)("is done when the organization is already gone (%i)", async (deleteMissing) => {
    const { lifecycle } = await begin({ deleteMissing });
    const { id, outs } = await lifecycle.create(full);
    await lifecycle.remove(id, { ...outs, deletionProtection: false });
    await expect(lifecycle.remove(id, { ...outs, deletionProtection: false })).resolves.toBeUndefined();
  });

  test("is done when its answer was lost and the organization is gone", async () => {
    const { lifecycle, emulator } = await begin();
    const { id, outs } = await lifecycle.create(full);
    emulator.fail({ method: "DELETE", effect: { kind: "cut", when: "after" } });
    await lifecycle.remove(id, { ...outs, deletionProtection: false });
    expect(emulator.organizations()).toEqual([]);
  });
});
