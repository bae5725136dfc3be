import { createRequire } from "node:module";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Values } from "../../src/definitions/definition.ts";
import { resourceTypeOf } from "../../src/definitions/index.ts";
import { organization } from "../../src/definitions/organization.ts";
import { organizationSet } from "../../src/definitions/organization-set.ts";
import { nativeTypeOf, providerTextOf, typeOf } from "../../src/definitions/tokens.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { newSet } from "../../src/set/set.ts";
import { textOfTenants } from "../../src/set/tenants-text.ts";
import { expectFrozen, frozenTexts, newest } from "../support/golden.ts";
import { inMemory } from "../support/journal-storage.ts";
import { beginStill, environmentUrl } from "../support/state-forms.ts";
import { holdStill, stillTime } from "../support/still.ts";

vi.mock("node:crypto", async (original) => {
  const { stillCrypto } = await import("../support/still.ts");
  return stillCrypto(original);
});

beforeEach(holdStill);
afterEach(() => {
  vi.useRealTimers();
});

const { name } = organizationSet;
const urn = "urn:pulumi:production::customers::scalekit:index:OrganizationSet::customers";

const tenants = [
  { externalId: "CUST-1", displayName: "One", metadata: { tier: "gold", "cost center": "7" }, features: { sso: true } },
  { externalId: "CUST, 2", displayName: 'Two, "Ltd"', deletionProtection: false, metadataOwnership: "declared" },
  { externalId: "CUST-3-EU", formerExternalId: "CUST-3", displayName: " Três ", slug: "tres", metadata: {} },
  { externalId: "CUST-4", displayName: "Four", logoUrl: "https://acme.com/logo.png", adopt: true },
];
const settings = { adopt: false, metadataOwnership: "all", deletionProtection: true };

/** A set as the engine keeps it. */
interface Entry {
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
}

async function begin() {
  const world = await beginStill(organization);
  const storage = inMemory();
  const client = { ...world.client, serverNow: () => stillTime };
  /** Each run is a process of its own. */
  const run = () =>
    newSet(organizationSet, client, {
      journal: openJournal(environmentUrl, () => storage),
      environment: { host: new URL(environmentUrl).host },
    });
  return { ...world, run };
}

describe("a state of a set", () => {
  async function made(frozen: Entry | undefined) {
    const world = await begin();
    const lines = String(frozen?.inputs["tenants"] ?? textOfTenants(tenants)).split("\n");
    let entry: Entry | undefined;
    // One after the other, so that each organization has the same id in each run.
    for (const count of lines.keys()) {
      const inputs = { ...settings, ...frozen?.inputs, tenants: lines.slice(0, count + 1).join("\n") };
      entry =
        entry === undefined
          ? { inputs, ...(await world.run().create(inputs, urn)) }
          : { id: entry.id, inputs, ...(await world.run().update(entry.id, entry.state, inputs, urn)) };
    }
    return { world, entry: entry as Entry };
  }

  test("is as it was frozen", async () => {
    const { entry } = await made(newest<Entry>(name, "state.json"));
    expectFrozen(name, "state.json", `${JSON.stringify(entry, null, 2)}\n`);
  });

  test.each(frozenTexts(name, "state.json").map((text) => JSON.parse(text) as Entry))(
    "is read as it was frozen: form %#",
    async (frozen) => {
      const { world } = await made(frozen);
      const writes = world.writes();
      expect(await world.run().diff(frozen.state, frozen.inputs)).toMatchObject({ isChanged: false });
      const refreshed = await world.run().read(frozen.id, frozen.state);
      expect(refreshed.state).toEqual(frozen.state);
      expect(await world.run().diff(refreshed.state, frozen.inputs)).toMatchObject({ isChanged: false });
      expect(world.writes()).toBe(writes);
      const lines = String(frozen.inputs["tenants"]).split("\n");
      const changed = { ...frozen.inputs, tenants: [...lines, "CUST-9,Nine"].join("\n") };
      const { state } = await world.run().update(frozen.id, frozen.state, changed, urn);
      expect(state["count"]).toBe(lines.length + 1);
      expect(world.writes() - writes).toBe(1);
    },
  );
});

describe("the texts that stand for a set", () => {
  test("are as they were frozen", () => {
    const texts = { type: typeOf(name), native: nativeTypeOf(name), provider: providerTextOf(name) };
    expectFrozen(name, "tokens.json", `${JSON.stringify(texts, null, 2)}\n`);
  });

  test.each(frozenTexts(name, "tokens.json"))("that were frozen lead to it", (text) => {
    const { type, native, provider } = JSON.parse(text) as { type: string; native: string; provider: string };
    expect(resourceTypeOf(type)).toBe(organizationSet);
    expect(resourceTypeOf(native)).toBe(organizationSet);
    const exports: { handler?: () => object } = {};
    new Function("exports", "require", provider)(exports, createRequire(import.meta.url));
    expect(Object.keys(exports.handler?.() ?? {}).sort()).toEqual(
      ["check", "configure", "create", "delete", "diff", "read", "update"].sort(),
    );
  });
});
