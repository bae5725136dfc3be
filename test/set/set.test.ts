import { describe, expect, test } from "vitest";
import { mayHaveActed } from "../../src/errors.ts";
import { beginSet, type Tenant, urn } from "../support/set-world.ts";

const tenant = (externalId: string, more: object = {}): Tenant => ({
  externalId,
  displayName: `Customer ${externalId}`,
  ...more,
});
const many = (count: number, more: object = {}): Tenant[] =>
  Array.from({ length: count }, (_, n) => tenant(`CUST-${String(n).padStart(4, "0")}`, more));

describe("up", () => {
  test("creates all, and a second run changes nothing and sends nothing", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(300, { metadata: { tier: "gold" } }));
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.emulator.organizations()).toHaveLength(300);
    const sent = world.emulator.requests.length;
    expect(await world.isUnchanged(inputs)).toBe(true);
    expect(world.emulator.requests.length).toBe(sent);
    expect(world.saved()?.state["count"]).toBe(300);
  });

  test("a failure of one stops no other, and the next run does just that one", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(50));
    world.emulator.fail({ method: "POST", skip: 47, count: 6, effect: { kind: "status", status: 400 } });
    // Each is asked for twice, since a refusal may mean that its external ID was just freed.
    const failed = await world.up(inputs);
    expect(failed?.message).toMatch(/of 50 changes are done and saved, \d failed\. Run `pulumi up` again/);
    const missing = 50 - world.emulator.organizations().length;
    const sent = world.writes();
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.writes() - sent).toBe(missing);
    expect(world.emulator.organizations()).toHaveLength(50);
  });

  test("stops when nothing gets through any more, and saves what is done", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(2000));
    world.emulator.fail({ method: "POST", skip: 100, count: 100_000, effect: { kind: "status", status: 403 } });
    const failed = await world.up(inputs);
    expect(failed?.message).toMatch(/were not begun/);
    expect(world.saved()?.state["count"]).toBe(100);
    expect(world.writes()).toBeLessThan(500);
    world.emulator.heal();
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.emulator.organizations()).toHaveLength(2000);
  });

  test("a run that is asked to stop saves what is done", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(500));
    const isStopped = () => world.writes() >= 100;
    const failed = await world.up(inputs, { isStopped });
    expect(failed?.message).toContain("were not begun");
    expect(world.saved()?.state["count"]).toBe(world.emulator.organizations().length);
    expect(world.emulator.organizations().length).toBeLessThan(200);
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.emulator.organizations()).toHaveLength(500);
  });

  test("what a killed run made is taken over, and a preview says so", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(60));
    await world.up(world.inputsOf(many(40)), { dies: true });
    expect(world.saved()).toBeUndefined();
    const before = world.ids();
    await world.process().preview({}, inputs, urn);
    expect(world.said.at(-1)).toContain("20 to create");
    expect(world.said.at(-1)).toContain("40 to take over from a run that did not save them");
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.ids()).toMatchObject(before);
    expect(world.emulator.organizations()).toHaveLength(60);
  });

  test("an external ID of somebody else is refused at preview by few requests, and adopted if the program says so", async () => {
    const world = await beginSet();
    const foreign = await world.organizations.create(undefined, tenant("CUST-0001", { displayName: "Somebody" }));
    for (let n = 0; n < 250; n++) await world.organizations.create(undefined, { displayName: `Other ${n}` });
    const sent = world.emulator.requests.length;
    await expect(world.process().preview({}, world.inputsOf(many(200)), urn)).rejects.toThrow(
      `One external ID belongs to an organization that this set does not have: CUST-0001 (${foreign.id})`,
    );
    expect(world.emulator.requests.length - sent).toBeLessThanOrEqual(5);
    const adopting = world.inputsOf(many(200), { adopt: true });
    await world.process().preview({}, adopting, urn);
    expect(world.said.at(-1)).toContain("199 to create (CUST-0000, CUST-0002,");
    expect(world.said.at(-1)).toContain("1 to adopt (CUST-0001)");
    expect(await world.up(adopting)).toBeUndefined();
    expect(world.ids()["CUST-0001"]).toBe(foreign.id);
  });

  test("external IDs swap where the list says what they were", async () => {
    const world = await beginSet();
    await world.up(
      world.inputsOf([tenant("A", { displayName: "One" }), tenant("B", { displayName: "Two" }), tenant("C")]),
    );
    const before = world.ids();
    const swapped = world.inputsOf([
      tenant("A", { displayName: "Two", formerExternalId: "B" }),
      tenant("B", { displayName: "One", formerExternalId: "A" }),
      tenant("D", { displayName: "Three", formerExternalId: "C" }),
    ]);
    await world.process().preview(world.saved()?.state ?? {}, swapped, urn);
    expect(world.said.at(-1)).toContain("3 to update (A, B, D).");
    expect(await world.up(swapped)).toBeUndefined();
    expect(world.ids()).toEqual({ A: before["B"], B: before["A"], D: before["C"] });
    expect(await world.isUnchanged(swapped)).toBe(true);
    const sent = world.writes();
    const without = world.inputsOf([
      tenant("A", { displayName: "Two" }),
      tenant("B", { displayName: "One" }),
      tenant("D", { displayName: "Three" }),
    ]);
    expect(await world.up(without)).toBeUndefined();
    expect(world.writes()).toBe(sent);
  });

  test("without protection, those that are no longer listed are deleted last", async () => {
    const world = await beginSet();
    await world.up(world.inputsOf([tenant("A"), tenant("B")]));
    await world.up(world.inputsOf([tenant("B", { displayName: "Other" }), tenant("C")]));
    expect(world.held()).toEqual(["B Other {}", "C Customer C {}"]);
    expect(world.emulator.requests.at(-1)?.method).toBe("DELETE");
  });

  test("protected ones are not deleted, nor anything changed", async () => {
    const world = await beginSet();
    await world.up(world.inputsOf([tenant("A"), tenant("B")], { deletionProtection: true }));
    const failed = await world.up(
      world.inputsOf([tenant("B", { displayName: "Other" })], { deletionProtection: true }),
    );
    expect(failed?.message).toContain("An organization is protected from deletion");
    expect(world.held()).toEqual(["A Customer A {}", "B Customer B {}"]);
    // A tenant's own argument wins.
    await world.up(
      world.inputsOf([tenant("A", { deletionProtection: false }), tenant("B")], { deletionProtection: true }),
    );
    expect(await world.up(world.inputsOf([tenant("B")], { deletionProtection: true }))).toBeUndefined();
    expect(world.held()).toEqual(["B Customer B {}"]);
  });

  test("a lost answer to an update is found out by the next run", async () => {
    const world = await beginSet();
    await world.up(world.inputsOf([tenant("A"), tenant("B")]));
    const changed = world.inputsOf([tenant("A", { displayName: "New" }), tenant("B")]);
    world.emulator.fail({ method: "PATCH", count: 50, effect: { kind: "cut", when: "after" } });
    const failed = await world.up(changed);
    expect(mayHaveActed(failed) || failed?.message).toBeTruthy();
    world.emulator.heal();
    expect(await world.up(changed)).toBeUndefined();
    expect(world.held()).toEqual(["A New {}", "B Customer B {}"]);
    expect(await world.isUnchanged(changed)).toBe(true);
  });
});

describe("refresh", () => {
  test("reads by pages, and shows what changed, moved and went by hand", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf(many(250, { metadata: { tier: "gold" } }));
    await world.up(inputs);
    const ids = world.ids();
    await world.edit(ids["CUST-0001"] ?? "", { displayName: "By hand" });
    await world.edit(ids["CUST-0002"] ?? "", { externalId: "moved" });
    await world.edit(ids["CUST-0003"] ?? "", { metadata: { tier: "gold", more: "x1" } });
    await world.organizations.remove(ids["CUST-0004"] ?? "");
    const sent = world.emulator.requests.length;
    await world.refresh();
    // Three pages, and six looks at the one that no page shows: it was made a moment ago.
    expect(world.emulator.requests.length - sent).toBeLessThanOrEqual(9);
    const lines = String(world.saved()?.state["tenants"]).split("\n");
    expect(lines).toHaveLength(249);
    expect(lines.slice(1, 4)).toEqual([
      "CUST-0001,By hand,metadata.tier=gold",
      "CUST-0002,Customer CUST-0002,externalId=moved,metadata.tier=gold",
      "CUST-0003,Customer CUST-0003,metadata.more=x1,metadata.tier=gold",
    ]);
    expect(await world.up(inputs)).toBeUndefined();
    expect(world.held()).toEqual(many(250).map((one) => `${one.externalId} ${one.displayName} {"tier":"gold"}`));
    expect(world.ids()["CUST-0002"]).toBe(ids["CUST-0002"]);
  });

  test("only declared keys count where the program says so", async () => {
    const world = await beginSet();
    const inputs = world.inputsOf([tenant("A", { metadata: { tier: "gold" } })], { metadataOwnership: "declared" });
    await world.up(inputs);
    await world.edit(world.ids()["A"] ?? "", { metadata: { tier: "gold", theirs: "x1" } });
    await world.refresh();
    expect(await world.isUnchanged(inputs)).toBe(true);
    const whole = world.inputsOf([tenant("A", { metadata: { tier: "gold" } })]);
    expect(await world.up(whole)).toBeUndefined();
    expect(world.held()).toEqual(['A Customer A {"tier":"gold"}']);
  });
});

describe("destroy", () => {
  test("deletes all but what another resource has taken over", async () => {
    const world = await beginSet();
    await world.up(world.inputsOf([tenant("A"), tenant("B")]));
    const taken = await world.lifecycle.create({ ...tenant("A"), adopt: true }, "urn:pulumi:test::test::other::A");
    const { id, state } = world.saved() ?? { id: "", state: {} };
    await world.process().remove(id, state, urn);
    expect(world.emulator.organizations().map((one) => one.id)).toEqual([taken.id]);
  });
});
