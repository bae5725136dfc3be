import { describe, expect, test } from "vitest";
import { resourceNames } from "../../src/cli/names.ts";
import type { RemoteObject } from "../../src/cli/remote-objects.ts";
import { organization as definition } from "../../src/definitions/organization.ts";
import { organizationApiClient } from "../../src/definitions/organization-api-client.ts";

const organization = (id: string, fields: object): RemoteObject => ({
  definition,
  live: { id, displayName: "Megasoft", metadata: {}, ...fields },
});

const nameOf = (fields: object) => resourceNames([organization("org_1", fields)]).get("Organization org_1");

describe("a resource's name", () => {
  test.each<[string, object, string]>([
    ["is the external ID", { externalId: "CUST-12345" }, "CUST-12345"],
    ["is the display name where there is no external ID", { displayName: "Megasoft Inc" }, "Megasoft-Inc"],
    ["is the id where neither has a letter or digit", { displayName: "🚀", externalId: "..." }, "1"],
    ["keeps letters of every script", { externalId: "客户/1 شركة" }, "客户-1-شركة"],
    ["loses what nobody can see", { externalId: "a\u202eb\u200bc\nd" }, "a-b-c-d"],
    ["loses what URNs, shells and code would trip over", { externalId: "a::b$c\"d'e`f$ {g}" }, "a-b-c-d-e-f-g"],
    ["does not begin or end with a mark", { externalId: "--../\u0301x-._" }, "x"],
    ["ends somewhere", { externalId: "y".repeat(255) }, "y".repeat(60)],
    ["takes no half of a character", { externalId: "𝒳".repeat(100) }, "𝒳".repeat(60)],
  ])("%s", (_, fields, expected) => {
    expect(nameOf(fields)).toBe(expected);
  });

  test("composes letters, so that one text has one name", () => {
    expect(nameOf({ displayName: "Mu\u0308ller" })).toBe("M\u00fcller");
  });
});

describe("names together", () => {
  const twins = [
    organization("org_1", { createTime: "2026-01-02T00:00:00Z" }),
    organization("org_2", { createTime: "2026-01-01T00:00:00Z" }),
    organization("org_3", { createTime: "2026-01-03T00:00:00Z" }),
    organization("org_4", { createTime: "2026-01-04T00:00:00Z", externalId: "Megasoft-1" }),
  ];

  test("are each one's own, the oldest having the plain one", () => {
    expect(Object.fromEntries(resourceNames(twins))).toEqual({
      "Organization org_2": "Megasoft",
      "Organization org_1": "Megasoft-1",
      "Organization org_3": "Megasoft-3",
      "Organization org_4": "Megasoft-1-4",
    });
  });

  test("are the same whatever the order, and stay when a newer organization comes", () => {
    const names = resourceNames(twins);
    const newer = organization("org_0", { createTime: "2026-02-01T00:00:00Z" });
    const again = resourceNames([newer, ...twins.toReversed()]);
    for (const [id, name] of names) expect(again.get(id)).toBe(name);
    expect(new Set(again.values()).size).toBe(5);
  });
});

test("what belongs to an organization is named after both, and what nobody can name by its id", () => {
  const owner = organization("org_1", { externalId: "CUST-1" });
  const client = (id: string, fields: object): RemoteObject => ({
    definition: organizationApiClient,
    live: { id: `org_1/${id}`, organizationId: "org_1", ...fields },
  });
  const things = [
    client("m2m_2", { name: "Robot" }),
    client("m2m_1", { name: "Robot" }),
    client("m2m_3", { name: "🚀", description: "Flies" }),
  ];
  expect(Object.fromEntries(resourceNames(things, resourceNames([owner])))).toEqual({
    "Organization org_1": "CUST-1",
    "OrganizationApiClient org_1/m2m_1": "CUST-1/Robot",
    "OrganizationApiClient org_1/m2m_2": "CUST-1/Robot-m2m_2",
    "OrganizationApiClient org_1/m2m_3": "CUST-1/m2m_3",
  });
});
