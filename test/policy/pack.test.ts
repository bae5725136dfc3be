import { expect, test } from "vitest";
import { externalIdPattern, metadataKeysRequired, rules } from "../../src/policy/index.ts";
import { packOf } from "../../src/policy/pack.ts";
import { judged } from "../support/policy.ts";

test("a pack has every rule, each with all that Pulumi shows of one, and a name of its own", () => {
  const { name, args, config } = packOf({});
  expect({ name, config }).toEqual({ name: "scalekit", config: {} });
  expect(args.policies).toEqual(Object.values(rules));
  expect(new Set(args.policies.map((rule) => rule.name)).size).toBe(Object.keys(rules).length);
  for (const rule of args.policies) {
    expect(rule.displayName).toMatch(/^[A-Z]/);
    expect(rule.description).toMatch(/^[A-Z].*\.$/);
    expect(rule.remediationSteps).toMatch(/^[A-Z].*\.$/);
    expect(["low", "medium", "high", "critical"]).toContain(rule.severity);
  }
});

test("a rule that is given options only stays at its own level, or at that of all", () => {
  // To Pulumi, options without a level in a pack's own program are advisory.
  const options = { externalIdPattern: { pattern: "^CUST-" }, displayNameConventions: { forbiddenWords: ["test"] } };
  expect(packOf(options).config).toEqual({
    "external-id-pattern": { enforcementLevel: "mandatory", pattern: "^CUST-" },
    "display-name-conventions": { enforcementLevel: "advisory", forbiddenWords: ["test"] },
  });
  expect(packOf({ ...options, all: "disabled" }).config).toMatchObject({
    all: "disabled",
    "external-id-pattern": { enforcementLevel: "disabled" },
  });
  expect(
    packOf({
      all: "advisory",
      externalIdRequired: "mandatory",
      noSecrets: { enforcementLevel: "disabled", except: ["jwt"] },
    }).config,
  ).toEqual({
    all: "advisory",
    "external-id-required": "mandatory",
    "no-secrets": { enforcementLevel: "disabled", except: ["jwt"] },
  });
});

test("a company's own policies come into the same pack", () => {
  const own = { name: "own", description: "Own.", validateResource: () => {} };
  const { name, args } = packOf({ name: "acme", policies: [own] });
  expect(name).toBe("acme");
  expect(args.policies.at(-1)).toBe(own);
});

test.each([
  [{ externalIdPatterns: {} }, /externalIdPatterns is not a rule; the rules are externalIdRequired, /],
  [{ toString: "mandatory" }, /toString is not a rule/],
  [{ externalIdRequired: "strict" }, /externalIdRequired must be an object, or one of advisory, mandatory/],
  [{ externalIdRequired: true }, /externalIdRequired must be an object, or one of/],
  [{ all: "strict" }, /all must be one of advisory, mandatory, remediate, disabled/],
  [{ externalIdPattern: { enforcementLevel: "strict" } }, /externalIdPattern\.enforcementLevel must be one of/],
  [{ externalIdPattern: { patern: "^x" } }, /externalIdPattern: Unrecognized key: "patern"/],
  [
    { externalIdPattern: { pattern: "(" } },
    /externalIdPattern: pattern is not a regular expression: .*Unterminated group/,
  ],
  [{ externalIdPattern: { pattern: 7 } }, /externalIdPattern: pattern Invalid input: expected string/],
  [{ noSecrets: { except: ["gitbub"] } }, /noSecrets: except\.0 must be one of airtable, /],
  [
    { metadataKeysRequired: { keys: { tier: { allowed: ["gold"], default: "tin" } } } },
    /metadataKeysRequired: keys\.tier\.default is a value that the rule itself refuses/,
  ],
  [
    { metadataKeysRequired: { keys: { tier: { default: "" } } } },
    /keys\.tier is refused by Scalekit: must be 1 to 256 characters long/,
  ],
  [
    { metadataKeysRequired: { keys: { id: {} } } },
    /keys\.id is refused by Scalekit: its key must be 3 to 25 characters long/,
  ],
])("%j is refused before the pack is served", (options, problem) => {
  expect(() => packOf(options as never)).toThrow(problem);
});

test("what only a configuration file can get past the engine ends the run with one error that names it", async () => {
  const props = { displayName: "Megasoft", externalId: "CUST-1" };
  const misspelt = judged(externalIdPattern, props, { config: { patern: "x" } });
  await expect(misspelt).rejects.toThrow(
    'The policy pack\'s configuration of external-id-pattern is invalid: Unrecognized key: "patern".',
  );
  const malformed = judged(metadataKeysRequired, props, { config: { keys: { tier: { pattern: "\\pL" } } } });
  await expect(malformed).rejects.toThrow(/metadata-keys-required is invalid: keys\.tier\.pattern is not a regular/);
  // It is shown as it stands in `stack`.
  await expect(malformed).rejects.toMatchObject({ stack: expect.not.stringContaining("    at ") });
});

test("the engine has the schema of every option", () => {
  expect(externalIdPattern.configSchema).toEqual({
    properties: { pattern: { type: "string", format: "regex", description: expect.any(String) } },
  });
  expect(metadataKeysRequired.configSchema?.properties["keys"]).toMatchObject({
    type: "object",
    default: {},
    additionalProperties: { additionalProperties: false, properties: { pattern: { format: "regex" } } },
  });
  expect(rules.noSecrets.configSchema?.properties["except"]).toMatchObject({
    type: "array",
    items: { enum: expect.arrayContaining(["stripe", "jwt"]) },
  });
});
