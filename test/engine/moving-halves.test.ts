import { expect } from "vitest";
import { beginWithEach, declare, expectToMove, writesOf } from "../support/moving.ts";
import { namesOfEach } from "../support/one-of-each.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

story.concurrent(
  "a stack may be half moved, an organization through one door and what it has through the other",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack, program } = await beginWithEach(means, "dynamic");
    const halves = [
      ["megasoft", "write", "robot", "sessions"],
      ["sandbox", "billing", "auditor", "domain", "users", "sign-in"],
    ];
    for (const native of halves) {
      await expectToMove(emulator, stack, () => declare(stack, { ...program, native }));
      const moved = (await stack.resources()).filter(({ type }) => type.startsWith("scalekit:index"));
      expect(moved.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([...native].sort());
      await expectSuccess(stack.refresh("--expect-no-changes"));
    }
    // Each door sends its own changes, what hangs on the other's included.
    const native = halves[1];
    const args = {
      megasoft: { displayName: "Changed" },
      auditor: { displayName: "Changed" },
      write: { description: "Changed" },
    };
    await declare(stack, { ...program, native, args });
    const sent = await writesOf(emulator, async () => {
      const up = await expectSuccess(stack.up());
      expect(up.steps, up.text).toEqual({ same: namesOfEach.length - 3, update: 3 });
    });
    expect(sent).toHaveLength(3);
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
    expect(emulator.all("clients")).toEqual([]);
  },
);

story.concurrent.for([
  { was: [], is: "all" },
  { was: "all", is: [] },
])(
  "an organization that is renamed on the move and adopted stays, though the old resource goes: $was to $is",
  { timeout: 600_000 },
  async ({ was, is }, { means }) => {
    const emulator = await means.emulate();
    const source = `
const { native, name, adopt } = require("./program.json");
const { Organization } = require(native === "all" ? "pulumi-scalekit/native" : "pulumi-scalekit");
new Organization(name, { displayName: "Megasoft", externalId: "CUST-1", adopt });`;
    const stack = await means.stackOn(emulator, { source });
    await declare(stack, { native: was, name: "megasoft" });
    await expectSuccess(stack.up());
    const [before] = emulator.organizations();
    await declare(stack, { native: is, name: "renamed", adopt: true });
    const up = await expectSuccess(stack.up());
    expect(emulator.organizations().map(({ id }) => id)).toEqual([before?.id]);
    expect(up.text.replaceAll(/\s+/g, " ")).toContain(`Left ${before?.id} at Scalekit`);
    expect((await stack.organizations()).map(({ id }) => id)).toEqual([before?.id]);
    await expectSuccess(stack.up("--expect-no-changes"));
    // What was left is deleted like any other, once it is the stack's alone.
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);

story.concurrent(
  "organizations may be renamed, and come into a fleet, in the run in which they move",
  { timeout: 600_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const source = `
const pulumi = require("@pulumi/pulumi");
const { native, renamed } = require("./program.json");
const { Organization, OrganizationFleet } = require(native ? "pulumi-scalekit/native" : "pulumi-scalekit");
const from = (name) => [{ name, parent: pulumi.rootStackResource }];
const tenants = [{ displayName: "Initech", externalId: "CUST-1" }];
if (renamed) {
  new Organization("renamed", { displayName: "Megasoft" }, { aliases: [{ name: "megasoft" }] });
  new OrganizationFleet("customers", { tenants, aliases: { "CUST-1": from("initech") } });
} else {
  new Organization("megasoft", { displayName: "Megasoft" }, { aliases: [{ name: "renamed" }] });
  new Organization("initech", tenants[0], {
    aliases: ["dynamic", "native"].map((door) => "urn:pulumi:test::test::scalekit:index:OrganizationFleet$" +
      (door === "native" ? "scalekit:index" : "pulumi-nodejs:dynamic/scalekit") + ":Organization::CUST-1"),
  });
}`;
    const stack = await means.stackOn(emulator, { source });
    await declare(stack, { native: false, renamed: false });
    await expectSuccess(stack.up());
    const made = emulator.organizations();
    for (const program of [
      { native: true, renamed: true },
      { native: false, renamed: false },
    ]) {
      await declare(stack, program);
      const sent = await writesOf(emulator, async () => {
        const up = await expectSuccess(stack.up());
        expect(
          Object.keys(up.steps).filter((op) => !["same", "update"].includes(op)),
          up.text,
        ).toEqual([]);
      });
      expect(sent).toEqual([]);
      expect(emulator.organizations()).toEqual(made);
      await expectSuccess(stack.up("--expect-no-changes"));
    }
  },
);
