import { validateResourceOfType } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { type Definition, keyFieldsOf } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";
import * as dynamic from "../../src/index.ts";
import { apiLimits, externalIdsUnique, keysUnique, noPersonalData, noSecrets, rules } from "../../src/policy/index.ts";
import * as native from "../../src/sdk/native/index.ts";
import { bothProviders } from "../support/both-types.ts";
import { judged, judgedResources, judgedStack, remedied, unknown } from "../support/policy.ts";

/** What breaks each rule about single resources, with its configuration. */
const broken: Readonly<Record<string, readonly [props: object, config?: Record<string, unknown>]>> = {
  "external-id-required": [{ displayName: "Megasoft" }],
  "external-id-pattern": [{ displayName: "Megasoft", externalId: "X" }, { pattern: "^CUST-" }],
  "metadata-keys-required": [{ displayName: "Megasoft" }, { keys: { tier: { default: "gold" } } }],
  "metadata-keys-forbidden": [{ displayName: "Megasoft", metadata: { tier: "gold" } }, { keys: ["tier"] }],
  "display-name-conventions": [{ displayName: " Megasoft" }],
  "no-secrets": [{ displayName: "Megasoft", metadata: { password: "hunter22" } }],
  "no-personal-data": [{ displayName: "Megasoft", metadata: { contact: "jane@example.com" } }],
  "api-limits": [{ displayName: "" }],
  "production-protected": [{ displayName: "Megasoft", deletionProtection: false }, { stacks: ["test"] }],
  "adopt-where-approved": [{ displayName: "Megasoft", adopt: true }],
};

const all = Object.values<Definition>(definitions);

describe.each(bothProviders)("resources of $provider", ({ typeIn }) => {
  const type = typeIn("Organization");

  test.each(Object.values(rules).flatMap((rule) => ("validateStack" in rule ? [] : [{ name: rule.name, rule }])))(
    "are refused by $name",
    async ({ name, rule }) => {
      const [props, config = {}] = broken[name] ?? [{}];
      expect(await judged(rule, props, { type, config })).toEqual([
        expect.stringMatching(/^Organization megasoft: .*program/),
      ]);
      const read = { ...props, readOnly: true };
      expect(await judged(rule, read, { type, config }), "one that is only read").toEqual([]);
    },
  );

  test("are mended", async () => {
    const mended = await remedied(rules.displayNameConventions as never, { displayName: " Megasoft" }, { type });
    expect(mended).toEqual({ displayName: "Megasoft" });
  });

  test.each(all)("of $name are looked at for limits, secrets and personal data", async ({ name }) => {
    const shown = { type: typeIn(name) };
    expect((await judged(apiLimits, { nonsense: "x" }, shown)).join()).toContain(`${name} megasoft: `);
    const found = { displayName: "hunter", description: "AKIAIOSFODNN7EXAMPLE or jane.doe@example.com" };
    expect(await judged(noSecrets, found, shown)).toEqual([expect.stringContaining(`${name} megasoft: description`)]);
    expect(await judged(noPersonalData, found, shown)).toHaveLength(1);
  });

  test.each(all.filter((definition) => keyFieldsOf(definition) !== undefined))(
    "of $name are declared once where only one can be",
    async (definition) => {
      const rule = definition.name === "Organization" ? externalIdsUnique : keysUnique;
      const props = Object.fromEntries((keyFieldsOf(definition) ?? []).map((field) => [field, "one"]));
      expect(await judgedStack(rule, { a: props, b: props }, typeIn(definition.name))).toHaveLength(1);
      // The same of the other provider is the same at Scalekit.
      const resources = [typeOf, nativeTypeOf].map((typeOfOne, n) => ({
        name: `of-${n}`,
        type: typeOfOne(definition.name),
        props,
      }));
      expect(await judgedResources(rule, resources)).toEqual([
        [expect.stringMatching(/::of-1$/), expect.stringContaining("of of-0.")],
      ]);
    },
  );
});

test.each([
  { classes: dynamic, provider: "dynamic" },
  { classes: native, provider: "native" },
])("a typed policy about the $provider classes is asked of their resources, and of no others", async ({ classes }) => {
  for (const { name } of all) {
    const given = classes[name as "Organization"];
    const said: string[] = [];
    const policy = {
      name: "typed",
      description: "",
      validateResource: validateResourceOfType(given, (_, { type }) => void said.push(type)),
    };
    for (const { typeIn } of bothProviders) await judged(policy, {}, { type: typeIn(name) });
    expect(said).toEqual([given.__pulumiType]);
  }
});

describe("a stack with several environments", () => {
  const type = nativeTypeOf("Organization");
  const props = { displayName: "Megasoft", externalId: "CUST-1" };
  const at = (name: string, settings: object, module = "scalekit") => ({
    name,
    type,
    props,
    provider: { type: `pulumi:providers:${module}`, name: `of-${name}`, urn: `urn:${name}`, props: settings },
  });
  const staging = { environmentUrl: "https://acme-staging.scalekit.com" };
  const production = { environmentUrl: "https://acme.scalekit.com" };

  test("may have one key in each of them", async () => {
    expect(await judgedResources(externalIdsUnique, [at("a", staging), at("b", production)])).toEqual([]);
    expect(await judgedResources(externalIdsUnique, [at("a", staging), at("b", {})])).toEqual([]);
  });

  test("may not have one twice in one of them, however its URL is written", async () => {
    const again = { environmentUrl: "https://ACME-staging.scalekit.com/" };
    expect(await judgedResources(externalIdsUnique, [at("a", staging), at("b", again)])).toHaveLength(1);
    const dynamicOne = at("b", { "scalekit:environmentUrl": production.environmentUrl }, "pulumi-nodejs");
    const moved = { ...dynamicOne, type: typeOf("Organization") };
    expect(await judgedResources(externalIdsUnique, [at("a", production), moved])).toHaveLength(1);
  });

  test("is not judged by an environment that is not known yet", async () => {
    const unsure = at("a", { environmentUrl: unknown });
    expect(await judgedResources(externalIdsUnique, [unsure, at("b", production)])).toEqual([]);
  });
});
