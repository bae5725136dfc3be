import * as pulumi from "@pulumi/pulumi";
import * as rpc from "@pulumi/pulumi/runtime/rpc.js";
import { describe, expect, test } from "vitest";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { organization } from "../../src/definitions/organization.ts";
import { unknown } from "../../src/definitions/want.ts";
import { checkArgs, problemWithValues } from "../../src/lifecycle/check.ts";

const check = (args: Record<string, unknown>) => checkArgs(organization, args);
const problems = (args: Record<string, unknown>) => check({ displayName: "Megasoft", ...args });
const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key_${n}`, "value"]));

describe("limits, at the edge and one past it", () => {
  test.each([
    ["displayName", { displayName: "x" }, { displayName: "" }],
    ["displayName", { displayName: "x".repeat(200) }, { displayName: "x".repeat(201) }],
    ["externalId", { externalId: "x" }, { externalId: "" }],
    ["externalId", { externalId: "x".repeat(255) }, { externalId: "x".repeat(256) }],
    ["slug", { slug: `${"a".repeat(63)}.b-1` }, { slug: "a".repeat(64) }],
    ["slug", { slug: "eu.acme" }, { slug: "Acme" }],
    ["slug", { slug: "x" }, { slug: "" }],
    ["slug", { slug: Array(127).fill("a").join(".") }, { slug: `${Array(127).fill("a").join(".")}b` }],
    ["logoUrl", { logoUrl: "https://cdn.example.com/a.png" }, { logoUrl: "http://cdn.example.com/a.png" }],
    ["logoUrl", { logoUrl: `https://a/${"x".repeat(1014)}` }, { logoUrl: `https://a/${"x".repeat(1015)}` }],
    ["logoUrl", { logoUrl: "https://a" }, { logoUrl: "https://" }],
    ["features.sso", { features: { sso: false } }, { features: { sso: "yes" } }],
    ["features.dir_sync", { features: {} }, { features: { dir_sync: true } }],
    ["metadata", { metadata: pairs(10) }, { metadata: pairs(11) }],
    ["metadata.ab", { metadata: { abc: "x" } }, { metadata: { ab: "x" } }],
    [`metadata.${"k".repeat(26)}`, { metadata: { ["k".repeat(25)]: "x" } }, { metadata: { ["k".repeat(26)]: "x" } }],
    ["metadata.tier", { metadata: { tier: "x" } }, { metadata: { tier: "" } }],
    ["metadata.tier", { metadata: { tier: "x".repeat(256) } }, { metadata: { tier: "x".repeat(257) } }],
  ])("%s", (property, good, bad) => {
    expect(problems(good)).toEqual([]);
    expect(problems(bad).map((failure) => failure.property)).toEqual([property]);
  });

  test("lengths count code points: an emoji is one", () => {
    expect(problems({ displayName: "🏢".repeat(200) })).toEqual([]);
    expect(problems({ displayName: "🏢".repeat(201) })).toEqual([
      { property: "displayName", reason: "must be 1 to 200 characters long; it has 201" },
    ]);
    expect(problems({ metadata: { "🏢🏢🏢": "x", "🏢🏢": "x" } })).toHaveLength(1);
  });

  test("half of a surrogate pair, which would be sent as something else, is refused", () => {
    expect(problems({ displayName: "Mega\ud83c" })).toMatchObject([{ property: "displayName" }]);
  });
});

describe("wrong types from JavaScript", () => {
  test.each([
    [{ displayName: undefined }, "displayName", "must be a string, not missing"],
    [{ displayName: 5 }, "displayName", "must be a string, not a number"],
    [{ displayName: null }, "displayName", "must be a string, not null"],
    [{ externalId: ["a"] }, "externalId", "must be a string, not an array"],
    [{ slug: null }, "slug", "must be a string, not null"],
    [{ features: true }, "features", "must be an object of true and false, not a boolean"],
    [
      { features: { dir_sync: true } },
      "features.dir_sync",
      "is not a feature; the features are sso, dirSync, domainVerification, sessionPolicy; did you mean dirSync?",
    ],
    [{ metadata: "gold" }, "metadata", "must be an object of strings, not a string"],
    [{ metadata: { seats: 5 } }, "metadata.seats", "must be a string, not a number"],
    [{ metadata: { "cost center": true } }, 'metadata["cost center"]', "must be a string, not a boolean"],
  ])("%o", (args, property, reason) => {
    expect(problems(args)).toEqual([{ property, reason }]);
  });
});

test("an argument that does not exist is refused, with the one that was meant", () => {
  expect(problems({ external_id: "CUST-1", plan: "gold" })).toEqual([
    {
      property: "external_id",
      reason:
        "is not an argument of Organization, which takes displayName, externalId, metadata, slug, logoUrl, features, metadataOwnership, deletionProtection, adopt; did you mean externalId?",
    },
    {
      property: "plan",
      reason:
        "is not an argument of Organization, which takes displayName, externalId, metadata, slug, logoUrl, features, metadataOwnership, deletionProtection, adopt",
    },
  ]);
});

test("every problem is reported at once", () => {
  const found = check({ displayName: "", externalId: "", metadata: { ab: "x", tier: "" } });
  expect(found.map(({ property }) => property)).toEqual(["displayName", "externalId", "metadata.ab", "metadata.tier"]);
});

test("a value that is not known yet breaks no limit, wherever it stands", () => {
  expect(check({ displayName: unknown, externalId: unknown, metadata: unknown })).toEqual([]);
  expect(problems({ metadata: { tier: unknown } })).toEqual([]);
  expect(problems({ displayName: "", metadata: unknown })).toMatchObject([{ property: "displayName" }]);
});

test("the stand-in for an unknown value is the SDK's own", () => {
  expect(unknown).toBe(rpc.unknownValue);
});

test("no reason holds the value that it is about", () => {
  const reported = JSON.stringify(
    check({
      displayName: "s3cret".repeat(40),
      externalId: "s3cret".repeat(50),
      metadata: { tier: "s3cret".repeat(50) },
    }),
  );
  expect(reported).toContain("must be 1 to 200 characters long; it has 240");
  expect(reported).not.toContain("s3cret");
});

describe.each(Object.entries<Definition>(definitions))("what a program cannot hold, of %s", (_, definition) => {
  test.each(Object.keys(definition.fields))("is not looked for in what %s is not known to be yet", (field) => {
    for (const value of [pulumi.output("x"), pulumi.secret("x"), Promise.resolve("x"), new Map()]) {
      expect(problemWithValues(definition, { [field]: value })).toBeUndefined();
    }
    const lost = JSON.parse('{ "__proto__": "x" }');
    expect(problemWithValues(definition, { [field]: lost })).toContain(`${field} must not have the key "__proto__"`);
    expect(problemWithValues(definition, { [field]: { constructor: "\ud800" } })).toContain(
      `${field}.constructor must`,
    );
    expect(problemWithValues(definition, { [field]: { constructor: "", toString: "" } })).toContain(
      'the key "toString"',
    );
  });
});

describe("adopt", () => {
  test.each([
    ["yes", "must be true or false, not a string"],
    [null, "must be true or false, not null"],
    [1, "must be true or false, not a number"],
  ])("is true or false: %j", (adopt, reason) => {
    expect(problems({ externalId: "CUST-1", adopt })).toEqual([{ property: "adopt", reason }]);
  });

  test("needs the key by which the object is found", () => {
    const reason = "needs an externalId, by which the organization is found";
    expect(problems({ adopt: true })).toEqual([{ property: "adopt", reason }]);
    for (const args of [
      { adopt: false },
      { adopt: unknown },
      { adopt: undefined },
      { adopt: true, externalId: "CUST-1" },
    ]) {
      expect(problems(args)).toEqual([]);
    }
  });

  test("is told apart from a wrong argument, and said besides one", () => {
    const found = problems({ adopt: "yes", displayName: "", tier: "gold" });
    expect(found.map(({ property }) => property)).toEqual(["tier", "displayName", "adopt"]);
  });
});

test("what the fields of a definition say of each other is checked where both are known", () => {
  const policy = (more: object) =>
    checkArgs(definitions.OrganizationSessionPolicy, { organizationId: "org_123456", ...more });
  const wrong = { absoluteSessionTimeout: 10, idleSessionTimeout: 20 };
  expect(policy(wrong)).toMatchObject([{ property: expect.any(String), reason: expect.any(String) }]);
  expect(policy({ ...wrong, idleSessionTimeout: unknown })).toEqual([]);
  expect(policy({ ...wrong, absoluteSessionTimeout: unknown })).toEqual([]);
});

test("values of a program are looked into as far as they are plain", () => {
  const problemWith = (values: Record<string, unknown>) => problemWithValues(organization, values);
  class Output {
    readonly text = "\ud83c";
  }
  expect(problemWith({ displayName: new Output(), metadata: null, slug: undefined })).toBeUndefined();
  const bare = Object.assign(Object.create(null), { tier: ["a", "b\ud83c"] });
  expect(problemWith({ metadata: bare })).toBe(
    "metadata.tier.1 must be valid Unicode; it holds half of a surrogate pair",
  );
  expect(problemWith({ metadata: { tier: "gold", plan: "b\ud83c" } })).toMatch(/^metadata\.plan must be valid Unicode/);
});
