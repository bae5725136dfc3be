import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { organizationType } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

const megasoft = { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier: "gold" } };
const initech = { displayName: "Initech GmbH", externalId: "CUST/2" };

const program = (body: string) => `
const pulumi = require("@pulumi/pulumi");
const { Organization, OrganizationFleet } = require("pulumi-scalekit");
const megasoft = ${JSON.stringify(megasoft)};
const initech = ${JSON.stringify(initech)};
class Customers extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("acme:index:Customers", name, {}, opts);
  }
}
${body}
`;

const plain = 'new Organization("megasoft", megasoft); new Organization("initech", initech);';

/** A stack with two organizations that are up, and a way to write them down otherwise. */
async function begin({ emulate, stackOn }: Means, body = plain) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source: program(body) });
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { create: 2 } });
  const rewrite = (otherwise: string) => writeFile(join(stack.folder, "index.js"), program(otherwise));
  return { emulator, stack, rewrite };
}

/** Lets `act` change the state, and expects that it changed nothing else. */
async function expectOnlyMoved(emulator: Emulator, stack: Stack, act: () => Promise<unknown>): Promise<void> {
  const made = emulator.organizations();
  const requests = emulator.requests.length;
  await act();
  expect(emulator.requests.length).toBe(requests);
  expect(emulator.organizations()).toEqual(made);
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: made.length } });
  expect(new Set((await stack.organizations()).map(({ id }) => id))).toEqual(new Set(made.map(({ id }) => id)));
}

describe("no organization is made again or written to", () => {
  story("when it is renamed, comes into a component, and the component is renamed", async ({ means }) => {
    const { emulator, stack, rewrite } = await begin(means);
    const within = (parent: string) => `
      const parent = ${parent};
      const from = (name) => ({ parent, aliases: [{ name, parent: pulumi.rootStackResource }] });
      new Organization("megasoft-inc", megasoft, from("megasoft-inc"));
      new Organization("initech", initech, from("initech"));`;
    await expectOnlyMoved(emulator, stack, async () => {
      await rewrite(`
        new Organization("megasoft-inc", megasoft, { aliases: [{ name: "megasoft" }] });
        new Organization("initech", initech);`);
      expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 2 } });
      await rewrite(within('new Customers("customers")'));
      expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 2 } });
      await rewrite(within('new Customers("clients", { aliases: [{ name: "customers" }] })'));
      expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 2 } });
    });
  });

  story("when it comes into a fleet, goes to another fleet, and leaves it again", async ({ means }) => {
    const { emulator, stack, rewrite } = await begin(means);
    await expectOnlyMoved(emulator, stack, async () => {
      await rewrite(`
        new OrganizationFleet("customers", {
          tenants: [megasoft, initech],
          aliases: {
            "CUST-1": [{ name: "megasoft", parent: pulumi.rootStackResource }],
            "CUST/2": [{ name: "initech", parent: pulumi.rootStackResource }],
          },
        });`);
      const into = await stack.up();
      expect(into, into.text).toMatchObject({ code: 0, changes: { same: 2 } });

      await rewrite(`
        new OrganizationFleet("customers", { tenants: [initech] });
        new OrganizationFleet("key-accounts", { tenants: [megasoft] });`);
      const across = await stack.up();
      expect(across, across.text).toMatchObject({ code: 0, changes: { same: 2 } });

      await rewrite(`
        const parent = new OrganizationFleet("customers", { tenants: [megasoft] });
        new Organization("initech", initech, {
          aliases: [{ name: OrganizationFleet.resourceName(initech.externalId), parent }],
        });`);
      const out = await stack.up();
      expect(out, out.text).toMatchObject({ code: 0, changes: { same: 2 } });
    });
  });

  story("when it moves to another stack, a fleet as a whole", async ({ means }) => {
    const both = `
      new OrganizationFleet("customers", { tenants: [megasoft] });
      new Organization("initech", initech);`;
    const { emulator, stack, rewrite } = await begin(means, both);
    await expectOnlyMoved(emulator, stack, async () => {
      expect(await stack.pulumi("stack", "init", "other")).toMatchObject({ code: 0 });
      const tops = ["scalekit:index:OrganizationFleet::customers", `${organizationType}::initech`];
      const urns = tops.map((top) => `urn:pulumi:test::test::${top}`);
      const move = await stack.pulumi("state", "move", "--yes", "--source", "test", "--dest", "other", ...urns);
      expect(move, move.text).toMatchObject({ code: 0 });

      await rewrite(`if (pulumi.getStack() === "other") { ${both} }`);
      const other = await stack.up("--stack", "other");
      expect(other, other.text).toMatchObject({ code: 0, changes: { same: 2 } });
      expect(await stack.preview("--stack", "test", "--expect-no-changes")).toMatchObject({ code: 0 });
    });
  });
});
