import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { definitions } from "../../src/definitions/index.ts";
import * as dynamic from "../../src/index.ts";
import * as native from "../../src/sdk/native/index.ts";
import { known, mockEngine } from "../support/mocks.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeEach(async () => {
  vi.stubEnv("SCALEKIT_DELETION_PROTECTION", "");
  await mockEngine(registered);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const classesOf = (module: object) => new Map<string, unknown>(Object.entries(module));

test("the native classes, look-ups and fleet are those of the dynamic provider, and a provider besides", () => {
  expect(Object.keys(native).sort()).toEqual([...Object.keys(dynamic), "Provider"].sort());
});

test.each(Object.keys(definitions))("%s is registered under its own type, with arguments alone", async (name) => {
  const Class = classesOf(native).get(name) as new (name: string, args: object, opts?: object) => pulumi.CustomResource;
  const resource = new Class("one", {
    displayName: "A",
    name: "a",
    organizationId: "org_1",
    domain: "a.com",
    domainType: "ORGANIZATION_DOMAIN",
    connectionId: "conn_1",
    enabled: true,
    absoluteSessionTimeout: 60,
    maxAllowedUsers: 5,
  });
  await known(resource.urn);
  expect(registered).toMatchObject([{ type: `scalekit:index:${name}`, name: "one" }]);
  expect(registered[0]?.inputs).not.toHaveProperty("__provider");
});

describe("the option import", () => {
  test.each(Object.keys(definitions))(
    "is refused for the dynamic class %s in one sentence with both remedies",
    (name) => {
      const Class = classesOf(dynamic).get(name) as new (name: string, args: object, opts: object) => unknown;
      const args = { displayName: "A", name: "a", organizationId: "org_1" };
      const declare = () => new Class("one", args, { import: "org_1" });
      expect(declare).toThrow(`${name} one: a dynamic provider cannot import`);
      expect(declare).toThrow(/pulumi-scalekit import.*pulumi-scalekit\/native/s);
      expect(registered).toEqual([]);
    },
  );

  test("is for the native ones", async () => {
    await known(new native.Organization("one", { displayName: "A" }, { import: "org_1" }).urn);
    expect(registered).toHaveLength(1);
  });
});

describe("deletion protection", () => {
  /** Whether the engine protects it, and what the provider gets. */
  async function asked(opts: pulumi.CustomResourceOptions = {}, args = {}) {
    const made = new native.Organization("a", { displayName: "A", ...args }, opts);
    const { __protect: protect = false } = made as { readonly __protect?: boolean };
    await known(made.urn);
    const last = registered.filter(({ type }) => type === native.Organization.__pulumiType).at(-1);
    return { protect, sent: last?.inputs["deletionProtection"] };
  }

  test("is on by default, and off by the stack's setting", async () => {
    expect(await asked()).toEqual({ protect: true, sent: undefined });
    pulumi.runtime.setAllConfig({ "scalekit:deletionProtection": "false" });
    expect(await asked()).toEqual({ protect: false, sent: false });
  });

  test("is as a provider of the program's own says, whatever the stack says", async () => {
    const of = (deletionProtection?: pulumi.Input<boolean>) => ({
      provider: new native.Provider("own", { deletionProtection }),
    });
    expect(await asked(of(false))).toEqual({ protect: false, sent: false });
    // Only the provider knows it.
    expect(await asked(of(pulumi.output(false)))).toEqual({ protect: false, sent: undefined });
    pulumi.runtime.setAllConfig({ "scalekit:deletionProtection": "false" });
    expect(await asked(of(true))).toEqual({ protect: true, sent: undefined });
    expect(await asked(of())).toEqual({ protect: true, sent: undefined });
    vi.stubEnv("SCALEKIT_DELETION_PROTECTION", "false");
    expect(await asked(of())).toEqual({ protect: false, sent: false });
  });

  test("is as the provider says that comes down from a fleet", async () => {
    const provider = new native.Provider("own", { deletionProtection: false });
    const fleet = new native.OrganizationFleet(
      "customers",
      { tenants: [{ externalId: "CUST-1", displayName: "A" }] },
      { providers: { scalekit: provider } },
    );
    const [made] = Object.values(fleet.organizations) as { readonly __protect?: boolean }[];
    await known(fleet.urn);
    expect(made?.__protect ?? false).toBe(false);
  });
});
