import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { providersOfStories } from "../support/both-types.ts";
import { declare, writesOf } from "../support/moving.ts";
import { expectSuccess, type Run } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

const source = (module: string) => `
  const { Organization, OrganizationFleet, OrganizationSet } = require("${module}");
  const { organizations = {}, fleet, set } = require("./program.json");
  const single = Object.entries(organizations).map(([name, args]) => new Organization(name, args));
  if (fleet) new OrganizationFleet("customers", fleet);
  const made = set && new OrganizationSet("customers", set, { dependsOn: single });
  module.exports = { ids: made?.ids, count: made?.count };`;

const tenants = [
  { externalId: "CUST-1", displayName: "One", metadata: { tier: "gold" } },
  { externalId: "CUST-2", displayName: "Two" },
  { externalId: "CUST-3", displayName: "Three, Ltd", metadata: { tier: "silver" } },
];
const csv = 'externalId,displayName,metadata.tier\nCUST-1,One,gold\nCUST-2,Two,\nCUST-3,"Three, Ltd",silver\n';

async function begin({ emulate, stackOn }: Means, module: string) {
  const emulator = await emulate();
  // As stacks are: protected.
  const stack = await stackOn(emulator, {
    module,
    source: source(module),
    env: { SCALEKIT_DELETION_PROTECTION: "true" },
  });
  await writeFile(join(stack.folder, "tenants.csv"), csv);
  return { emulator, stack, stored: () => JSON.stringify(emulator.organizations()) };
}

const unprotect = (stack: Stack) => expectSuccess(stack.pulumi("state", "unprotect", "--all", "--yes"));

/** Expects that the stack takes on what is declared, and sends nothing that might change something. */
async function expectToMoveWithoutWrites(emulator: Emulator, stack: Stack) {
  const runs: Run[] = [];
  const writes = await writesOf(emulator, async () => {
    runs.push(await expectSuccess(stack.preview()), await expectSuccess(stack.up()));
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));
  });
  expect(writes).toEqual([]);
  const [preview, up] = runs as [Run, Run];
  return { preview, up };
}

describe.each(providersOfStories)("with $provider", ({ module }) => {
  story(
    "a fleet and single organizations move into a set and back, and nothing is written to Scalekit",
    async ({ means }) => {
      const { emulator, stack, stored } = await begin(means, module);
      const single = { externalId: "CUST-4", displayName: "Four" };
      await declare(stack, { fleet: { file: "tenants.csv" }, organizations: { four: single } });
      await expectSuccess(stack.up());
      const before = stored();

      await declare(stack, { set: { tenants: [...tenants, single], adopt: true } });
      const refused = await stack.preview();
      expect(refused.text).toMatch(/protected/);
      await unprotect(stack);
      const { preview, up } = await expectToMoveWithoutWrites(emulator, stack);
      expect(preview.text).toContain("customers: 4 to adopt (CUST-1, CUST-2, CUST-3, CUST-4).");
      expect(up.text).toContain("at Scalekit, since another resource of this stack has it.");
      expect(stored()).toBe(before);
      expect((await stack.resources()).map(({ type }) => type)).toEqual([expect.stringMatching(/OrganizationSet$/)]);

      await declare(stack, {
        fleet: { file: "tenants.csv", adopt: true },
        organizations: { four: { ...single, adopt: true } },
      });
      await unprotect(stack);
      await expectToMoveWithoutWrites(emulator, stack);
      expect(stored()).toBe(before);
      expect((await stack.resources()).map(({ type }) => type)).toHaveLength(4);
    },
  );

  story(
    "single tenants leave a set for resources of their own and come back, and nothing is written",
    async ({ means }) => {
      const { emulator, stack, stored } = await begin(means, module);
      await declare(stack, { set: { tenants } });
      await expectSuccess(stack.up());
      const before = stored();
      const [one, two, ...others] = tenants;

      await declare(stack, {
        set: { tenants: others },
        organizations: { a: { ...one, adopt: true }, b: { ...two, adopt: true } },
      });
      await expectToMoveWithoutWrites(emulator, stack);
      expect(stored()).toBe(before);

      await declare(stack, { set: { tenants, adopt: true } });
      await unprotect(stack);
      await expectToMoveWithoutWrites(emulator, stack);
      expect(stored()).toBe(before);
    },
  );
});
