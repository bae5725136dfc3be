import { describe, expect, test } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import { organization } from "../../src/definitions/organization.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import type { Connection } from "../../src/provider/connection.ts";
import { newDeclared } from "../../src/provider/declared.ts";
import { setVerbs } from "../../src/provider/sets.ts";
import { textOfTenants } from "../../src/set/tenants-text.ts";
import { begin } from "../support/lifecycle.ts";
import { seed } from "../support/seed.ts";

const urnOf = (name: string, type = "OrganizationSet") => `urn:pulumi:test::test::scalekit:index:${type}::${name}`;

const inputsOf = (externalIds: readonly string[], settings: Values = {}): Values => ({
  deletionProtection: false,
  ...settings,
  tenants: textOfTenants(externalIds.map((externalId) => ({ externalId, displayName: externalId }))),
});

/** The verbs in one process, over real HTTP. */
async function beginVerbs() {
  const world = await begin();
  const declared = newDeclared(organization);
  const say = (line: string) => void world.said.push(line);
  const connection = { client: world.client, journal: world.journal(), environment: {}, say } as Connection;
  const verbs = setVerbs(organizationSet, {
    connection: () => connection,
    declared: () => declared,
  });
  const check = async (name: string, inputs: Values, oldInputs?: Values) =>
    (await verbs.check({ urn: urnOf(name), inputs, oldInputs })).map(({ reason }) => reason);
  const held = () => world.emulator.organizations().map(({ id }) => id);
  return { ...world, declared, verbs, check, held };
}

describe("an external ID that a program declares twice is refused at preview", () => {
  test("in two sets", async () => {
    const { check } = await beginVerbs();
    expect(await check("one", inputsOf(["CUST-1", "CUST-2"]))).toEqual([]);
    expect(await check("other", inputsOf(["CUST-2", "CUST-3"]))).toEqual([
      "CUST-2: externalId is the same as that of one, and must be unique in an environment",
    ]);
  });

  test("in a set and an organization, whichever comes first", async () => {
    const first = await beginVerbs();
    await first.check("one", inputsOf(["CUST-1"]));
    expect(first.declared.add({ externalId: "CUST-1" }, urnOf("single", "Organization"), false)).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("is the same as that of one") }),
    ]);
    const second = await beginVerbs();
    second.declared.add({ externalId: "CUST-1" }, urnOf("single", "Organization"), false);
    expect(await second.check("one", inputsOf(["CUST-1"]))).toEqual([
      "CUST-1: externalId is the same as that of single, and must be unique in an environment",
    ]);
  });

  test("and no more than twenty are reported", async () => {
    const { check } = await beginVerbs();
    const many = Array.from({ length: 30 }, (_, n) => `CUST-${n}`);
    await check("one", inputsOf(many));
    const said = await check("other", inputsOf(many));
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toBe("and 10 more");
  });
});

describe("a tenant that leaves a set, and that the program declares elsewhere, is left at Scalekit", () => {
  test.each([
    ["another set", (world: Awaited<ReturnType<typeof beginVerbs>>) => world.check("other", inputsOf(["CUST-1"]))],
    [
      "an organization",
      async ({ declared }: Awaited<ReturnType<typeof beginVerbs>>) =>
        declared.add({ externalId: "CUST-1" }, urnOf("single", "Organization"), false),
    ],
  ])("by %s, which need not have it yet", async (_, declareElsewhere) => {
    const world = await beginVerbs();
    const { verbs, check, held, said } = world;
    const urn = urnOf("one");
    const { id, state } = await verbs.create({ urn, inputs: inputsOf(["CUST-1", "CUST-2"]) });
    const before = held();
    await declareElsewhere(world);
    await check("one", inputsOf(["CUST-2"]), inputsOf(["CUST-1", "CUST-2"]));
    const { state: after } = await verbs.update({ urn, id, state, inputs: inputsOf(["CUST-2"]) });
    expect(held()).toEqual(before);
    expect(after["count"]).toBe(1);
    expect(said.join()).toContain("at Scalekit, since another resource of this stack declares it.");
  });

  test("also where the whole set is deleted", async () => {
    const { verbs, check, declared, held } = await beginVerbs();
    const urn = urnOf("one");
    await check("one", inputsOf([]));
    const { id, state } = await verbs.create({ urn, inputs: inputsOf(["CUST-1", "CUST-2"]) });
    declared.add({ externalId: "CUST-1" }, urnOf("single", "Organization"), false);
    const [first] = held();
    await verbs.delete({ urn, id, state });
    expect(held()).toEqual([first]);
  });
});

test("a host that does not know the URN of a call recognizes a set by its tenants, also after a policy has mended them", async () => {
  const { verbs, check, said } = await beginVerbs();
  const inputs = inputsOf(["CUST-1", "CUST-2"]);
  await check("one", inputs);
  await verbs.preview({ inputs: { ...inputs, tenants: `${inputs["tenants"]},metadata.tier=standard` } });
  expect(said.join()).toContain("CUST-1, CUST-2");
  expect(said.join()).toMatch(/^one: /);
});

test("what an earlier run of the stack made is adopted where the program says so, and not called unsaved", async () => {
  const { lifecycle, emulator, verbs, said } = await beginVerbs();
  await lifecycle.create({ externalId: "CUST-1", displayName: "CUST-1" }, urnOf("single", "Organization"));
  await seed(emulator, [{ external_id: "CUST-2", display_name: "CUST-2" }]);
  await verbs.preview({ urn: urnOf("one"), inputs: inputsOf(["CUST-1", "CUST-2"], { adopt: true }) });
  expect(said.join()).toContain("2 to adopt (CUST-1, CUST-2)");
});
