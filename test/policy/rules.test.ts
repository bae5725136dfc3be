import { describe, expect, test } from "vitest";
import { typeOf } from "../../src/definitions/tokens.ts";
import {
  adoptWhereApproved,
  apiLimits,
  displayNameConventions,
  externalIdPattern,
  externalIdRequired,
  externalIdsUnique,
  keysUnique,
  metadataKeysForbidden,
  metadataKeysRequired,
  noPersonalData,
  noSecrets,
  productionProtected,
  rules,
} from "../../src/policy/index.ts";
import { judged, judgedStack, type Shown, unknown } from "../support/policy.ts";

const good = { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier: "gold" } };
type Rule = Parameters<typeof judged>[0];

/** Each rule, what it lets pass and what it refuses, with what it is configured by. */
const cases: readonly [rule: Rule, passes: [object, Shown?][], fails: [object, string, Shown?][]][] = [
  [
    externalIdRequired,
    [[good], [{ ...good, externalId: "" }]],
    [[{ displayName: "Megasoft" }, "externalId is not set"]],
  ],
  [
    externalIdPattern,
    [
      [good],
      [good, { config: { pattern: "^CUST-\\d+$" } }],
      [{ displayName: "No external ID" }, { config: { pattern: "^CUST-" } }],
      [{ ...good, externalId: "😀" }, { config: { pattern: "^.$" } }],
    ],
    [
      [{ ...good, externalId: "cust-1" }, "externalId does not match ^CUST-", { config: { pattern: "^CUST-" } }],
      [{ ...good, externalId: "CUST\u200b-1" }, "externalId holds invisible characters"],
      [{ ...good, externalId: "\ufeffCUST-1" }, "externalId begins or ends with white space"],
      [{ ...good, externalId: "CUST-1 " }, "externalId begins or ends with white space"],
    ],
  ],
  [
    metadataKeysRequired,
    [
      [{ displayName: "Megasoft" }],
      [good, { config: { keys: { tier: {} } } }],
      [good, { config: { keys: { tier: { allowed: ["gold", "silver"], pattern: "^g" } } } }],
    ],
    [
      [{ displayName: "Megasoft" }, "metadata.tier is not set, and is required", { config: { keys: { tier: {} } } }],
      [good, "metadata.owner is not set, and is required", { config: { keys: { owner: {} } } }],
      [good, 'metadata.tier is not one of "silver"', { config: { keys: { tier: { allowed: ["silver"] } } } }],
      [good, "metadata.tier does not match ^[A-Z]", { config: { keys: { tier: { pattern: "^[A-Z]" } } } }],
      // What every object has is no key of it.
      [good, "metadata.constructor is not set", { config: { keys: { constructor: {} } } }],
    ],
  ],
  [
    metadataKeysForbidden,
    [
      [good],
      [good, { config: { keys: ["internal_*"] } }],
      [good, { config: { keys: ["tier"], stacks: ["billing/te*"] } }],
      [good, { config: { keys: ["tier"], stacks: ["test"] } }],
    ],
    [
      [good, "metadata.tier is forbidden", { config: { keys: ["ti*"] } }],
      [good, "metadata.tier is reserved for the stacks prod", { config: { keys: ["*"], stacks: ["prod"] } }],
    ],
  ],
  [
    displayNameConventions,
    [
      [good],
      [{ displayName: "Zoë's 👩‍👩‍👧 Café & Söhne (3M)" }],
      [{ displayName: "Contest Ltd" }, { config: { forbiddenWords: ["test"] } }],
      [good, { config: { pattern: "Inc$" } }],
    ],
    [
      [{ displayName: " Megasoft" }, "displayName begins or ends with white space"],
      [{ displayName: "Mega  soft" }, "displayName has several spaces in a row"],
      [{ displayName: "Mega\u202esoft" }, "displayName holds invisible characters"],
      [{ displayName: "***" }, "displayName has neither a letter nor a digit"],
      [good, "displayName does not match ^Acme", { config: { pattern: "^Acme" } }],
      [{ displayName: "Megasoft-TEST" }, 'displayName holds the word "Test"', { config: { forbiddenWords: ["Test"] } }],
    ],
  ],
  [
    noSecrets,
    [
      [good],
      [{ ...good, metadata: { api_key: "rotated" } }],
      [{ ...good, metadata: { password: "hunter2" } }, { config: { except: ["named-secret"] } }],
      [{ ...good, metadata: { password: "hunter2" } }, { config: { ignoreKeys: ["pass*"] } }],
    ],
    [
      [{ ...good, metadata: { password: "hunter2" } }, "metadata.password looks like a secret by the name of its key"],
      [{ ...good, externalId: `gh${"p_"}${"a1B2".repeat(9)}` }, "externalId looks like a GitHub token (github)"],
      [{ displayName: `see https://x:${"y1z2"}@acme.com` }, "displayName looks like a URL with a password in it"],
      [{ ...good, logoUrl: `https://x:${"y1z2"}@acme.com/a.png` }, "logoUrl looks like a URL with a password in it"],
    ],
  ],
  [
    noPersonalData,
    [[good], [{ ...good, metadata: { dob: "1984-05-17" } }, { config: { except: ["birth-date"] } }]],
    [
      [{ ...good, metadata: { owner: "jane@acme.com" } }, "metadata.owner looks like the e-mail address of a person"],
      [{ ...good, externalId: "jane.doe@acme.com" }, "externalId looks like the e-mail address of a person"],
    ],
  ],
  [
    apiLimits,
    [[good], [{ ...good, __provider: "exports.handler", __origin: { stack: "test" }, deletionProtection: false }]],
    [
      [{ displayName: "x".repeat(201) }, "displayName must be 1 to 200 characters long; it has 201"],
      [{ ...good, metadata: { ab: "x" } }, "metadata.ab its key must be 3 to 25 characters long"],
      [{ displayName: "x", adopt: true }, "adopt needs an externalId"],
      [{ displayName: "x", external_id: "1" }, "external_id is not an argument of Organization"],
      [{ externalId: "1" }, "displayName must be a string, not missing"],
      [{ displayName: "x", metadata: ["gold"] }, "metadata must be an object of strings, not an array"],
      [
        { displayName: "x", metadata: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`key_${n}`, "x"])) },
        "metadata must have at most 10 pairs; it has 11",
      ],
    ],
  ],
  [
    productionProtected,
    [
      [{ ...good, deletionProtection: false }],
      [good, { stack: "prod" }],
      [
        { ...good, deletionProtection: false },
        { stack: "prod", opts: { protect: true } },
      ],
      [
        { ...good, deletionProtection: false },
        { stack: "prod", config: { except: ["mega*"] } },
      ],
      [
        { ...good, deletionProtection: false },
        { stack: "prod", config: { stacks: ["live"] } },
      ],
    ],
    [
      [{ ...good, deletionProtection: false }, "it is production in the stack eu-prod", { stack: "eu-prod" }],
      [
        { ...good, deletionProtection: false },
        "it is production by metadata.tier",
        { config: { metadata: { tier: "gold" } } },
      ],
    ],
  ],
  [
    adoptWhereApproved,
    [[good], [{ ...good, adopt: false }], [{ ...good, adopt: true }, { config: { stacks: ["billing/*"] } }]],
    [
      [
        { ...good, adopt: true },
        "adopt is set, and billing/test is not approved for it",
        { config: { stacks: ["x"] } },
      ],
    ],
  ],
];

describe.each(cases.map(([rule, passes, fails]) => ({ name: rule.name, rule, passes, fails })))("$name", (one) => {
  const { rule, passes, fails } = one;

  test.each(passes)("lets pass %j with %j", async (props, shown) => {
    expect(await judged(rule, props, shown)).toEqual([]);
  });

  test.each(fails)("refuses %j: %s", async (props, problem, shown) => {
    const said = await judged(rule, props, shown);
    expect(said).toEqual([expect.stringContaining(`Organization megasoft: ${problem}`)]);
    expect(said[0]).toMatch(/(?:in|from) the program/i);
  });

  test("neither fails nor stumbles where nothing is known yet", async () => {
    const config = fails.find(([, , shown]) => shown?.config)?.[2]?.config ?? {};
    const settings = { config, stack: "prod" };
    const whole = { displayName: unknown, externalId: unknown, metadata: unknown, adopt: unknown };
    const unsure = { ...whole, deletionProtection: unknown, metadataOwnership: unknown };
    expect(await judged(rule, unsure, settings)).toEqual([]);
    expect(await judged(rule, { ...unsure, metadata: { owner: unknown, tier: unknown } }, { config: {} })).toEqual([]);
  });

  test("looks at nothing but organizations that are declared", async () => {
    const config = fails[0]?.[2]?.config ?? {};
    expect(await judged(rule, fails[0]?.[0] ?? {}, { type: "aws:s3/bucket:Bucket", config })).toEqual([]);
    // One that is only read, where a state is analyzed.
    expect(await judged(rule, { __provider: "exports.handler" }, { config })).toEqual([]);
  });
});

test("what is known is looked at, whatever is not", async () => {
  const props = { displayName: unknown, externalId: unknown, metadata: { tier: unknown, password: "hunter2" } };
  expect(await judged(noSecrets, props)).toHaveLength(1);
  expect(await judged(metadataKeysRequired, props, { config: { keys: { owner: {} } } })).toHaveLength(1);
});

test("no message holds a value, which may be a secret", async () => {
  const value = "K7#Secret-Value";
  const everywhere = [
    { displayName: ` ${value}  ${value}`, externalId: value, metadata: { password: value, tier: value }, adopt: true },
    { displayName: value.repeat(20), externalId: value.repeat(20), metadata: { ab: value, tier: value.repeat(20) } },
    { displayName: "x", metadata: value },
    { displayName: "x", adopt: value, deletionProtection: value, metadataOwnership: value },
  ];
  const config: Record<string, Record<string, unknown>> = {
    "external-id-pattern": { pattern: "^x$" },
    "metadata-keys-required": { keys: { tier: { allowed: ["gold"] }, owner: {} } },
    "metadata-keys-forbidden": { keys: ["*"] },
    "display-name-conventions": { pattern: "^x{9}$", forbiddenWords: ["secret"] },
  };
  const said: string[] = [];
  for (const rule of Object.values(rules)) {
    if ("validateStack" in rule) {
      const one = { externalId: value, name: value };
      const found = [
        ...(await judgedStack(rule, { one, two: one })),
        ...(await judgedStack(rule, { one, two: one }, typeOf("Role"))),
      ];
      expect(found, rule.name).toHaveLength(1);
      said.push(...found.map(([, message]) => message));
    } else {
      for (const props of everywhere) said.push(...(await judged(rule, props, { config: config[rule.name] ?? {} })));
    }
  }
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((message) => message.includes("K7#"))).toEqual([]);
});

test("a secret that could not be decrypted is not taken for its mark", async () => {
  const redacted = { displayName: "[secret]", externalId: "[secret]", metadata: "[secret]" };
  for (const rule of Object.values(rules)) {
    if ("validateStack" in rule) continue;
    expect(await judged(rule, redacted, { config: rule === externalIdPattern ? { pattern: "^CUST-" } : {} })).toEqual(
      [],
    );
  }
});

describe("external-ids-unique", () => {
  test("names the second organization, and the first in its message", async () => {
    const said = await judgedStack(externalIdsUnique, { a: good, b: { externalId: "CUST-2" }, c: good, d: good });
    expect(said.map(([urn]) => urn?.split("::").at(-1))).toEqual(["c", "d"]);
    expect(said[0]?.[1]).toMatch(/^Organization c: its externalId is the same as that of a\. Give one of them another/);
  });

  test("takes none for another's that is absent, unknown or another resource's", async () => {
    const none = { displayName: "Sandbox" };
    expect(await judgedStack(externalIdsUnique, { a: none, b: none })).toEqual([]);
    const unsure = { externalId: unknown };
    expect(await judgedStack(externalIdsUnique, { a: unsure, b: unsure })).toEqual([]);
    expect(await judgedStack(externalIdsUnique, { a: good, b: good }, "acme:index:Tenant")).toEqual([]);
    expect(await judgedStack(externalIdsUnique, {})).toEqual([]);
  });

  test("takes none for a declaration that is only read, or was set by another", async () => {
    const read = { ...good, readOnly: true };
    expect(await judgedStack(externalIdsUnique, { read, again: read, managed: good })).toEqual([]);
    expect(await judgedStack(externalIdsUnique, { read, managed: good, twice: good })).toHaveLength(1);
  });
});

describe("what hangs on organizations", () => {
  const role = { name: "billing", displayName: "Billing" };
  const owned = (organizationId: unknown) => ({ ...role, organizationId });

  test.each([
    ["Permission", { name: "invoices:write" }, { name: "no spaces" }, "name must be letters, digits"],
    ["Role", role, { ...role, displayName: "" }, "displayName must be 1 to 100 characters long; it has 0"],
    ["OrganizationRole", owned("org_1"), owned("acme"), "organizationId must be the id of an organization"],
    [
      "OrganizationDomain",
      { organizationId: "org_1", domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" },
      { organizationId: "org_1", domain: "megasoft.com" },
      "domainType must be",
    ],
    [
      "OrganizationApiClient",
      { organizationId: unknown, name: "x" },
      { organizationId: unknown },
      "name must be a string",
    ],
    [
      "OrganizationSessionPolicy",
      { organizationId: "org_1", absoluteSessionTimeout: 60 },
      { organizationId: "org_1", absoluteSessionTimeout: 60, idleSessionTimeout: 90 },
      "idleSessionTimeout must be shorter than absoluteSessionTimeout",
    ],
    [
      "OrganizationConnection",
      { organizationId: "org_1", connectionId: "conn_1", enabled: false },
      { organizationId: "org_1", connectionId: "okta_1", enabled: false },
      "connectionId must be the id of a connection",
    ],
    [
      "OrganizationUserManagement",
      { organizationId: "org_1", maxAllowedUsers: 0 },
      { maxAllowedUsers: 1 },
      "organizationId",
    ],
  ])("%s keeps to the limits of the API", async (kind, good, bad, problem) => {
    const shown = { type: typeOf(kind) };
    expect(await judged(apiLimits, { ...good, __provider: "" }, shown)).toEqual([]);
    expect(await judged(apiLimits, { __provider: "" }, shown)).toEqual([]);
    expect(await judged(apiLimits, bad, shown)).toEqual([expect.stringContaining(`${kind} megasoft: ${problem}`)]);
  });

  test("is declared once where only one can be", async () => {
    const said = await judgedStack(
      keysUnique,
      { a: owned("org_1"), b: owned("org_2"), c: owned("org_1"), d: owned(unknown), e: owned(unknown) },
      typeOf("OrganizationRole"),
    );
    expect(said).toEqual([
      [
        expect.stringMatching(/::c$/),
        expect.stringContaining(
          "OrganizationRole c: its organizationId and name are the same as those of a. Change one of them",
        ),
      ],
    ]);
    const clients = await judgedStack(
      keysUnique,
      { a: owned("org_1"), b: owned("org_1") },
      typeOf("OrganizationApiClient"),
    );
    expect(clients).toEqual([]);
    const read = { ...owned("org_1"), readOnly: true };
    expect(await judgedStack(keysUnique, { read, again: read, a: owned("org_1") }, typeOf("OrganizationRole"))).toEqual(
      [],
    );
    const policies = { a: { organizationId: "org_1" }, b: { organizationId: "org_1" } };
    expect(await judgedStack(keysUnique, policies, typeOf("OrganizationSessionPolicy"))).toHaveLength(1);
  });
});

test.each([
  ["Acme Test Org", "test org"],
  ["A do-not-use one", "Do not use"],
  ["Cafe\u0301 Test", "caf\u00e9"],
  ["Acme -- do not bill", "--"],
  ["Acme\u2122 Inc", "\u2122"],
  ["\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u093f\u0928\u094d\u0926\u0940"],
])("the name %j holds the forbidden %j", async (displayName, word) => {
  expect(await judged(displayNameConventions, { displayName }, { config: { forbiddenWords: [word] } })).toEqual([
    expect.stringContaining(`displayName holds the word "${word}"`),
  ]);
});

test("a word without a letter is no word of a name without any", async () => {
  const said = await judged(displayNameConventions, { displayName: "***" }, { config: { forbiddenWords: ["--"] } });
  expect(said).toEqual([expect.stringContaining("neither a letter nor a digit")]);
});

test.each([
  ["Contest Organics", "test org"],
  ["Testing", "test"],
  ["Acme-Inc - East", "--"],
])("the name %j does not hold the forbidden %j", async (displayName, word) => {
  expect(await judged(displayNameConventions, { displayName }, { config: { forbiddenWords: [word] } })).toEqual([]);
});
