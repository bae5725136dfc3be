import { expect } from "vitest";
import { expectSuccess, organizationType, type StackOptions } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

const args = { displayName: "Megasoft Inc", externalId: "CUST-12345-MGSFT", metadata: { tier: "gold" } };

async function begin({ emulate, stackOn }: Means, options?: StackOptions) {
  const emulator = await emulate();
  return { emulator, stack: await stackOn(emulator, options) };
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

story.concurrent("the state holds the arguments, the provider as one require, and little else", async ({ means }) => {
  const { stack } = await begin(means);
  await stack.write({ megasoft: { args } });
  expect(await stack.up()).toMatchObject({ code: 0 });
  const [organization] = await stack.organizations();
  expect(organization).toMatchObject({ type: organizationType, inputs: args, outputs: args });

  const provider = organization?.inputs["__provider"];
  expect(organization?.outputs["__provider"]).toBe(provider);
  expect(provider).toBe("require('pulumi-scalekit/Organization')(exports)");
  expect(bytes(provider)).toBeLessThanOrEqual(300);

  const declared = (side: Record<string, unknown> = {}) =>
    Object.fromEntries(Object.entries(side).filter(([key]) => key in args));
  const added =
    bytes(organization?.inputs) +
    bytes(organization?.outputs) -
    bytes(declared(organization?.inputs)) -
    bytes(declared(organization?.outputs));
  // Outside of this machine the host of the environment is there too, which takes some 50.
  expect(added).toBeLessThan(350);
});

story.concurrent("what is given as a secret is encrypted in the state, in inputs and outputs", async ({ means }) => {
  const { emulator, stack } = await begin(means, {
    source: `
    const pulumi = require("@pulumi/pulumi");
    const { Organization } = require("pulumi-scalekit");
    new Organization("megasoft", {
      displayName: "Megasoft",
      externalId: pulumi.secret("SECRET-EXTERNAL-ID"),
      metadata: { tier: "gold", account: pulumi.secret("SECRET-ACCOUNT") },
    });`,
  });
  const up = await stack.up("--diff");
  expect(up).toMatchObject({ code: 0, changes: { create: 1 } });
  expect(emulator.organizations()).toMatchObject([
    { external_id: "SECRET-EXTERNAL-ID", metadata: { tier: "gold", account: "SECRET-ACCOUNT" } },
  ]);
  expect(up.text).not.toContain("SECRET-");
  expect(await stack.refresh()).toMatchObject({ code: 0 });
  const exported = await stack.pulumi("stack", "export");
  expect(exported.text).toContain("ciphertext");
  expect(exported.text).not.toContain("SECRET-");
  expect(await stack.up()).toMatchObject({ changes: { same: 1 } });
});

story.concurrent("the state says which of the user's lines declared what, and no others", async ({ means }) => {
  const { stack } = await begin(means, {
    source: `
    const { Organization, OrganizationFleet, Permission } = require("pulumi-scalekit");
    const declare = (Kind, name, args) =>
      new Kind(name, args);
    declare(Organization, "megasoft", { displayName: "Megasoft" });
    declare(Permission, "read", { name: "reports:read", description: "Read reports" });
    declare(OrganizationFleet, "customers", { tenants: [{ displayName: "One", externalId: "CUST-1" }] });`,
  });
  const declared = async () => {
    await expectSuccess(stack.up());
    const { deployment } = JSON.parse((await expectSuccess(stack.pulumi("stack", "export"))).text);
    type Placed = { urn: string; sourcePosition: string; stackTrace: { sourcePosition?: string }[] };
    return new Map((deployment.resources as Placed[]).map((one) => [one.urn.replace(/.*::/, ""), one]));
  };
  const short = await declared();
  const frames = (name: string) => short.get(name)?.stackTrace.map(({ sourcePosition }) => sourcePosition);
  const constructed = "project:///index.js#4,7";
  for (const [name, line] of Object.entries({ megasoft: 5, read: 6, "CUST-1": 7 })) {
    expect(short.get(name)).toMatchObject({ sourcePosition: constructed });
    expect(frames(name)).toEqual([constructed, `project:///index.js#${line},5`]);
  }
});
