import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";
import type { OrganizationSetArgs } from "../../src/index.ts";
import * as dynamic from "../../src/index.ts";
import * as native from "../../src/sdk/native/index.ts";
import { known, mockEngine } from "../support/mocks.ts";

const registered: pulumi.runtime.MockResourceArgs[] = [];
const idList = 'CUST-1,org_1\n"CUST, 2",org_2';

const two: OrganizationSetArgs = {
  tenants: [
    { externalId: "CUST-2", displayName: "Two", metadata: { tier: "gold" } },
    { externalId: "CUST-1", displayName: "One" },
  ],
};

/** Why an output fails. It has four promises, of which each does. */
async function failure(output: pulumi.Output<unknown>): Promise<string> {
  const { isKnown, isSecret, allResources, promise } = output as unknown as Record<string, Promise<unknown>> & {
    allResources(): Promise<unknown>;
    promise(): Promise<unknown>;
  };
  const settled = await Promise.allSettled([promise(), isKnown, isSecret, allResources()]);
  return settled.map((one) => (one.status === "rejected" ? (one.reason as Error).message : "")).join("");
}

describe.each([
  { door: "dynamic", OrganizationSet: dynamic.OrganizationSet, type: typeOf("OrganizationSet") },
  { door: "native", OrganizationSet: native.OrganizationSet, type: nativeTypeOf("OrganizationSet") },
])("a set of the $door provider in a unit test", ({ OrganizationSet, type }) => {
  beforeEach(() => mockEngine(registered, { idList, count: 2 }));

  test("registers one resource with one text, sorted by external ID", async () => {
    const set = new OrganizationSet("customers", { ...two, adopt: true, metadata: { managed_by: "pulumi" } });
    expect(await known(set.tenants)).toBe(
      "CUST-1,One,metadata.managed_by=pulumi\nCUST-2,Two,metadata.managed_by=pulumi,metadata.tier=gold",
    );
    expect(registered).toMatchObject([{ type, name: "customers", inputs: { adopt: true } }]);
    expect(await known(set.count)).toBe(2);
  });

  test("gives the ids, as a whole and one by one", async () => {
    const set = new OrganizationSet("customers", two);
    expect(await known(set.ids)).toEqual({ "CUST-1": "org_1", "CUST, 2": "org_2" });
    expect(await known(set.idOf("CUST, 2"))).toBe("org_2");
  });

  test("says which external ID it has not", async () => {
    const set = new OrganizationSet("customers", two);
    expect(await failure(set.idOf("CUST-9"))).toContain("The set has no tenant with the external ID CUST-9.");
  });

  test("gives undefined where the mocks tell no ids", async () => {
    await mockEngine(registered);
    const set = new OrganizationSet("customers", two);
    expect(await known(set.idOf("CUST-1"))).toBeUndefined();
    expect(await known(set.ids)).toEqual({});
  });

  test("takes outputs and secrets, and keeps the whole text secret then", async () => {
    const set = new OrganizationSet("customers", {
      tenants: [
        { externalId: "CUST-1", displayName: pulumi.secret("One"), metadata: Promise.resolve({ tier: "gold" }) },
      ],
    });
    expect(await known(set.tenants)).toBe("CUST-1,One,metadata.tier=gold");
    expect(await pulumi.isSecret(set.tenants)).toBe(true);
    expect(await pulumi.isSecret(new OrganizationSet("plain", two).tenants)).toBe(false);
  });

  test.each([
    [undefined, "its arguments must be an object with file or tenants"],
    [{}, "give either file or tenants, not both"],
    [{ file: "there-is-none.csv" }, "there-is-none.csv: does not exist"],
    [{ tenants: null }, "tenants must be a list"],
    [{ tenants: [{ displayName: "One" }] }, "tenants[0]: externalId is missing: the organization is recognized by it"],
    [
      { tenants: [{ externalId: "CUST-1", displayName: "One", nonsense: 1 }] },
      "tenants[0]: nonsense is not an argument of Organization",
    ],
    [{ tenants: [], nonsense: 1 }, "nonsense is not an argument of Organization"],
  ])("registers nothing for %j, and says why", (args, reason) => {
    expect(() => new OrganizationSet("customers", args as unknown as OrganizationSetArgs)).toThrow(reason);
    expect(registered).toEqual([]);
  });
});
