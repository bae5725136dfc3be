import { expect } from "vitest";
import { declare } from "../support/moving.ts";
import { expectSuccess } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

/** An organization of the plugin's class, and one that a program of another language would register. */
const source = `
const pulumi = require("@pulumi/pulumi");
const { Organization, Provider } = require("pulumi-scalekit/native");
const { names, args = {}, opts = {}, settings } = require("./program.json");
const provider = settings && new Provider("own", {
  environmentUrl: process.env.SCALEKIT_ENVIRONMENT_URL,
  clientId: process.env.SCALEKIT_CLIENT_ID,
  clientSecret: process.env.SCALEKIT_CLIENT_SECRET,
  ...settings,
});
const all = { displayName: "Megasoft", ...args };
if (names.includes("typed")) new Organization("typed", all, { ...opts, provider });
if (names.includes("plain")) new pulumi.CustomResource("scalekit:index:Organization", "plain", all, { ...opts, provider });
`;

async function begin({ emulate, stackOn }: Means, program: object = {}) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source, env: { SCALEKIT_DELETION_PROTECTION: "" } });
  await declare(stack, { names: ["typed", "plain"], ...program });
  await expectSuccess(stack.up());
  return { emulator, stack };
}

story.concurrent(
  "organizations of the plugin are protected, by the engine or by the plugin, until a setting or an argument opens them",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const exported = JSON.parse((await stack.pulumi("stack", "export")).text).deployment.resources;
    const protectedBy = (name: string) =>
      exported.find(({ urn }: { urn: string }) => urn.endsWith(`::${name}`)).protect;
    expect([protectedBy("typed"), protectedBy("plain")]).toEqual([true, undefined]);
    for (const [name, refusal] of [
      ["typed", "is protected"],
      ["plain", "is protected from deletion, because a delete would also remove"],
    ] as const) {
      await declare(stack, { names: ["typed", "plain"].filter((one) => one !== name) });
      const refused = await stack.up();
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text.replaceAll(/\s+/g, " ")).toContain(refusal);
      expect(emulator.organizations()).toHaveLength(2);
    }
    await declare(stack, { names: ["typed", "plain"] });
    await stack.pulumi("config", "set", "scalekit:deletionProtection", "false");
    await expectSuccess(stack.up());
    await expectSuccess(stack.up("--expect-no-changes"));
    await declare(stack, { names: [] });
    await expectSuccess(stack.up());
    expect(emulator.organizations()).toEqual([]);
  },
);

story.concurrent(
  "a provider's own setting opens its organizations, and no other's",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means, { settings: { deletionProtection: false } });
    const { deployment } = JSON.parse((await stack.pulumi("stack", "export")).text);
    expect(JSON.stringify(deployment)).not.toContain('"protect"');
    await declare(stack, { names: [], settings: { deletionProtection: false } });
    await expectSuccess(stack.up());
    expect(emulator.organizations()).toEqual([]);

    // What the stack says is the default provider's.
    await stack.pulumi("config", "set", "scalekit:deletionProtection", "false");
    await declare(stack, { names: ["typed"], settings: {} });
    await expectSuccess(stack.up());
    await declare(stack, { names: [], settings: {} });
    const refused = await stack.up();
    expect(refused.code, refused.text).not.toBe(0);
    expect(emulator.organizations()).toHaveLength(1);
  },
);
