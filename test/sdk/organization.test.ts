import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Organization, type OrganizationArgs, Role } from "../../src/index.ts";
import { known, mockEngine } from "../support/mocks.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeEach(async () => {
  await mockEngine(registered, { regionCode: "US" });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("registers under a type of its own, with the provider as one require", async () => {
  const megasoft = new Organization("megasoft", { displayName: pulumi.output("Megasoft"), metadata: { tier: "gold" } });
  expect(await known(megasoft.id)).toBe("org_1");
  expect(await known(megasoft.regionCode)).toBe("US");
  expect(registered).toMatchObject([
    {
      type: "pulumi-nodejs:dynamic/scalekit:Organization",
      name: "megasoft",
      inputs: {
        displayName: "Megasoft",
        metadata: { tier: "gold" },
        __provider: "require('pulumi-scalekit/Organization')(exports)",
      },
    },
  ]);
});

describe("deletion protection", () => {
  const megasoft = { displayName: "Megasoft" };

  /** What the engine is asked for. Mocks do not hear of `protect`, so it is read where the SDK keeps it. */
  async function asked(declare: () => Organization) {
    const organization = declare() as Organization & { readonly __protect?: boolean };
    await known(organization.urn);
    const [last] = registered.slice(-1);
    return { protect: organization.__protect ?? false, inputs: last?.inputs as Record<string, unknown> };
  }

  test("is on, by the engine's own protect, and takes up no room in the state", async () => {
    const { protect, inputs } = await asked(() => new Organization("a", megasoft));
    expect(protect).toBe(true);
    expect(inputs).not.toHaveProperty("deletionProtection");
  });

  test.each([
    ["the argument", { ...megasoft, deletionProtection: false }, undefined, {}],
    ["the stack's configuration", megasoft, undefined, { config: "false" }],
    ["the environment", megasoft, undefined, { variable: "false" }],
  ])("is taken off by %s", async (_, args, opts, { config, variable }: { config?: string; variable?: string }) => {
    if (config !== undefined) pulumi.runtime.setConfig("scalekit:deletionProtection", config);
    if (variable !== undefined) vi.stubEnv("SCALEKIT_DELETION_PROTECTION", variable);
    const { protect, inputs } = await asked(() => new Organization("a", args, opts));
    expect(protect).toBe(false);
    expect(inputs).toMatchObject({ deletionProtection: false });
  });

  test("of the argument wins over the stack's configuration, and that over the environment", async () => {
    vi.stubEnv("SCALEKIT_DELETION_PROTECTION", "false");
    pulumi.runtime.setConfig("scalekit:deletionProtection", "true");
    expect(await asked(() => new Organization("a", megasoft))).toMatchObject({ protect: true });
    pulumi.runtime.setConfig("scalekit:deletionProtection", "false");
    const declared = { ...megasoft, deletionProtection: true };
    expect(await asked(() => new Organization("b", declared))).toMatchObject({ protect: true });
  });

  test("leaves a protect option as it is given", async () => {
    expect(await asked(() => new Organization("a", megasoft, { protect: false }))).toMatchObject({ protect: false });
    const unguarded = { ...megasoft, deletionProtection: false };
    expect(await asked(() => new Organization("b", unguarded, { protect: true }))).toMatchObject({ protect: true });
  });

  test("that is neither true nor false is refused", () => {
    vi.stubEnv("SCALEKIT_DELETION_PROTECTION", "no");
    expect(() => new Organization("a", megasoft)).toThrow("SCALEKIT_DELETION_PROTECTION) must be true or false");
  });
});

test("says which resource of which stack it is", async () => {
  await known(new Organization("a", { displayName: "Megasoft" }).urn);
  expect(registered.at(-1)?.inputs).toMatchObject({
    __origin: {
      stack: "acme/customers/production",
      urn: `urn:pulumi:production::customers::${Organization.__pulumiType}::a`,
    },
  });
});

test.each(["__proto__", "toString"])("refuses the metadata key %s, which the SDK loses or breaks on", (key) => {
  const metadata = JSON.parse(`{ "${key}": "gold" }`) as Record<string, string>;
  expect(() => new Organization("a", { displayName: "Megasoft", metadata })).toThrow(
    `Organization a: metadata must not have the key "${key}"`,
  );
});

test("refuses half of a surrogate pair, which the SDK cannot send, by its place", () => {
  const declare = (args: OrganizationArgs) => () => new Organization("a", args);
  expect(declare({ displayName: "Mega\ud83c" })).toThrow("Organization a: displayName must be valid Unicode");
  expect(declare({ displayName: "Mega", metadata: { tier: "\udfe2" } })).toThrow("metadata.tier must be valid Unicode");
});

test("refuses the option replaceOnChanges, which would do nothing, but for one that it only reads", async () => {
  const opts = { replaceOnChanges: ["displayName"] };
  const refusal = " a: the option replaceOnChanges has no effect on it";
  expect(() => new Organization("a", { displayName: "Megasoft" }, opts)).toThrow(`Organization${refusal}`);
  expect(() => new Role("a", { name: "a", displayName: "A" }, opts)).toThrow(`Role${refusal}`);
  new Organization("b", { displayName: "Megasoft" }, { replaceOnChanges: [] });
  expect(await known(Organization.get("c", "org_7", opts).id)).toBe("org_7");
});

test("refuses to be declared without arguments", () => {
  expect(() => new Organization("a", undefined as never)).toThrow("its arguments must be an object");
});

test("leaves the caller's arguments as they are", () => {
  const args = Object.freeze({ displayName: "Megasoft" });
  new Organization("megasoft", args);
  expect(args).toEqual({ displayName: "Megasoft" });
});

test("knows its own kind", () => {
  expect(Organization.isInstance(new Organization("megasoft", { displayName: "Megasoft" }))).toBe(true);
  expect(Organization.isInstance({ __pulumiType: Organization.__pulumiType })).toBe(false);
  expect(Organization.isInstance(undefined)).toBe(false);
});

test("get reads by id and declares nothing", async () => {
  const found = Organization.get("found", "org_7");
  expect(await known(found.id)).toBe("org_7");
  expect(Object.keys(registered.find(({ name }) => name === "found")?.inputs ?? {})).toEqual(["__provider"]);
});
