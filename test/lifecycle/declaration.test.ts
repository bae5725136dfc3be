import { describe, expect, test } from "vitest";
import { organization } from "../../src/definitions/organization.ts";
import { organizationApiClient } from "../../src/definitions/organization-api-client.ts";
import { permission } from "../../src/definitions/permission.ts";
import { role } from "../../src/definitions/role.ts";
import {
  declaredBy,
  entriesIn,
  everythingAnd,
  hidesEntries,
  isDeclared,
  isFallback,
  ownsEntries,
  shownFlags,
  wantsOf,
} from "../../src/lifecycle/declaration.ts";

const args = { displayName: "Megasoft", metadata: { tier: "gold", plan: undefined }, features: { sso: true } };
const byKey = { ...args, metadataOwnership: "declared" };

describe("what arguments declare", () => {
  test("is fields by their names, and flags one by one", () => {
    expect(declaredBy(organization, args)).toEqual(["displayName", "metadata", "features.sso"]);
    expect(declaredBy(organization, { displayName: "", metadata: {}, features: {} })).toEqual([
      "displayName",
      "metadata",
    ]);
    expect(declaredBy(organization, { displayName: undefined, features: { sso: undefined } })).toEqual([]);
  });

  test("is metadata key by key where the program owns only its own", () => {
    expect(declaredBy(organization, byKey)).toEqual([
      "displayName",
      "metadata.tier",
      "features.sso",
      "metadataOwnership",
    ]);
  });

  test("is no setting of the provider's that has its default, and is one that has not", () => {
    expect(isFallback(organization, "deletionProtection", true)).toBe(true);
    expect(isFallback(organization, "deletionProtection", false)).toBe(false);
    expect(isFallback(organization, "displayName", undefined)).toBe(false);
    expect(isFallback(organization, "unknown", undefined)).toBe(false);
    expect(declaredBy(organization, { deletionProtection: true, metadataOwnership: "all" })).toEqual([]);
    expect(declaredBy(organization, { deletionProtection: false })).toEqual(["deletionProtection"]);
  });

  test("has a field, or an entry of it, but no field whose name only begins alike", () => {
    expect(isDeclared(["metadata.tier"], "metadata")).toBe(true);
    expect(isDeclared(["metadata"], "metadata")).toBe(true);
    expect(isDeclared(["metadataOwnership"], "metadata")).toBe(false);
    expect(entriesIn(["metadata", "metadata.tier", "metadata.a.b", "features.sso"], "metadata")).toEqual([
      "tier",
      "a.b",
    ]);
  });
});

test("flags are always owned one by one, a map where the program says so, a text never", () => {
  expect(ownsEntries(organization, {}, "features")).toBe(true);
  expect(ownsEntries(organization, {}, "metadata")).toBe(false);
  expect(ownsEntries(organization, { metadataOwnership: "declared" }, "metadata")).toBe(true);
  expect(ownsEntries(organization, { metadataOwnership: "declared" }, "displayName")).toBe(false);
  expect(ownsEntries(organization, {}, "unknown")).toBe(false);
  expect(hidesEntries(organization, args)).toBe(false);
  expect(hidesEntries(organization, byKey)).toBe(true);
  expect(hidesEntries(permission, { metadataOwnership: "declared" })).toBe(false);
});

test("an interrupted run may have declared every field, and of flags those that it recorded", () => {
  const all = everythingAnd(organization, ["metadata", "features.sso", "metadata.tier"]);
  expect(all).toEqual(["displayName", "externalId", "metadata", "slug", "logoUrl", "features.sso", "metadata.tier"]);
});

describe("what an update has to reach", () => {
  const wants = (given: object, before: readonly string[] = [], live: object = {}) =>
    wantsOf(organization, { ...given }, before, { ...live });

  test("is nothing of what was never declared", () => {
    expect(wants({})).toEqual({});
    expect(wants({ displayName: undefined, features: {}, metadata: undefined })).toEqual({});
    expect(wants({}, [], { slug: "acme", metadata: { tier: "gold" }, features: { sso: true } })).toEqual({});
  });

  test("is what is declared, whatever is there", () => {
    expect(wants({ displayName: "A", features: { sso: false } }, [], { displayName: "A" })).toEqual({
      displayName: { set: "A" },
      features: { set: { sso: false } },
    });
  });

  test("is nothing where it was declared and is gone, if there is something to clear", () => {
    expect(wants({}, ["slug"], { slug: "acme" })).toEqual({ slug: { unset: true } });
    expect(wants({ slug: "" }, [], { slug: "acme" })).toEqual({ slug: { unset: true } });
    expect(wants({}, ["slug"], {})).toEqual({});
    // No value of it means "none".
    expect(wantsOf(organizationApiClient, {}, ["expiry"], { expiry: 3600 })).toEqual({});
  });

  test("is a flag turned off where it was declared and is gone", () => {
    expect(wants({ features: { sso: true, dirSync: undefined } }, ["features.dirSync"])).toEqual({
      features: { set: { sso: true, dirSync: false } },
    });
    expect(wants({}, ["features.sso"])).toEqual({ features: { set: { sso: false } } });
  });

  test("is a whole map where the program owns it", () => {
    expect(wants({ metadata: { a: "1" } })).toEqual({ metadata: { set: { a: "1" }, unset: "others" } });
    expect(wants({}, ["metadata"], { metadata: { a: "1" } })).toEqual({ metadata: { set: {}, unset: "others" } });
  });

  test("is its own keys where it owns those alone, and none of others'", () => {
    const live = { metadata: { own: "1", theirs: "2", gone: "3" } };
    const declared = { metadataOwnership: "declared" };
    expect(
      wants({ ...declared, metadata: { own: "9" } }, ["metadata.own", "metadata.gone", "metadata.never"], live),
    ).toEqual({
      metadata: { set: { own: "9" }, unset: ["gone"] },
    });
    // The keys go together with the ownership.
    expect(wants({}, ["metadata.own"], live)).toEqual({ metadata: { set: {}, unset: ["own"] } });
    // A state that owned all keys does not say which were declared.
    expect(wants({ ...declared, metadata: { own: "9" } }, ["metadata"], live)).toEqual({
      metadata: { set: { own: "9" }, unset: [] },
    });
    expect(wants({ ...declared, metadata: {} }, ["metadata.own"], {})).toEqual({ metadata: { set: {}, unset: [] } });
  });

  test("is never what only a replacement or the provider changes", () => {
    expect(wants({ deletionProtection: false, metadataOwnership: "declared" })).toEqual({});
    const named = wantsOf(role, { roleName: "admin", displayName: "Admin" }, [], {});
    expect(named).toEqual({ displayName: { set: "Admin" } });
  });
});

test("a declared flag is shown where Scalekit leaves it out", () => {
  expect(shownFlags(undefined, ["sso"])).toEqual({ sso: false });
  expect(shownFlags({ sso: true, other: true }, ["sso"])).toEqual({ sso: true, other: true });
  expect(shownFlags(undefined, [])).toBeUndefined();
});
