import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { packIn } from "../support/policy-pack.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

story.for(providersOfStories)(
  "$provider: a pack refuses a tenant of a set by its external ID, and mends lines where it is asked to",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, {
      module,
      source: `
      const { OrganizationSet } = require("${module}");
      new OrganizationSet("customers", { tenants: require("./tenants.json") });`,
    });
    const declare = (tenants: object[]) => writeFile(join(stack.folder, "tenants.json"), JSON.stringify(tenants));
    const metadata = { region: "eu" };
    const fine = { externalId: "CUST-1", displayName: "One", metadata };
    await declare([fine, { externalId: "X-2", displayName: "  Two  ", metadata }]);
    const pattern = { externalIdPattern: { pattern: "^CUST-[0-9]+$" } };
    const refused = await stack.up(...(await packIn(stack, pattern)));
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("OrganizationSet customers, X-2: externalId does not match ^CUST-[0-9]+$.");
    expect(refused.text).not.toContain("can't run policy");
    expect(emulator.organizations()).toEqual([]);

    await declare([fine, { externalId: "CUST-2", displayName: "  Two  ", metadata }]);
    const mending = await packIn(stack, {
      ...pattern,
      displayNameConventions: "remediate",
      metadataKeysRequired: { enforcementLevel: "remediate", keys: { tier: { default: "standard" } } },
    });
    const up = await expectSuccess(stack.up(...mending));
    expect(up.text).toContain("customers");
    expect(emulator.organizations()).toMatchObject([
      { display_name: "One", metadata: { region: "eu", tier: "standard" } },
      { display_name: "Two", metadata: { region: "eu", tier: "standard" } },
    ]);
    await expectSuccess(stack.up(...mending, "--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));
  },
);
