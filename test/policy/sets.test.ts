import { describe, expect, test } from "vitest";
import { nativeTypeOf, typeOf } from "../../src/definitions/tokens.ts";
import { externalIdsUnique, metadataKeysRequired, rules } from "../../src/policy/index.ts";
import { textOfTenants } from "../../src/set/tenants-text.ts";
import { bothProviders } from "../support/both-types.ts";
import { judged, judgedResources, remedied, unknown } from "../support/policy.ts";

const fine = { externalId: "CUST-1", displayName: "One", metadata: { tier: "gold" } };

/** What breaks each rule about organizations, in a tenant of a set or in what its tenants share, with the rule's configuration. */
const broken: Readonly<
  Record<string, { tenant?: object; shared?: object; line?: string; config?: Record<string, unknown> }>
> = {
  // A program cannot declare it, but a refresh may find that somebody took the external ID away.
  "external-id-required": { line: "X,Two,externalId=" },
  "external-id-pattern": { config: { pattern: "^CUST-" } },
  "metadata-keys-required": { config: { keys: { tier: { default: "gold" } } } },
  "metadata-keys-forbidden": { tenant: { metadata: { tier: "gold", old: "x" } }, config: { keys: ["old"] } },
  "display-name-conventions": { tenant: { displayName: " Two" } },
  "no-secrets": { tenant: { metadata: { password: "hunter22" } } },
  "no-personal-data": { tenant: { metadata: { contact: "jane@example.com" } } },
  "api-limits": { tenant: { displayName: "x".repeat(300) } },
  "production-protected": { tenant: { deletionProtection: false }, config: { stacks: ["test"] } },
  "adopt-where-approved": { tenant: { adopt: true } },
};

const setWith = ({ tenant = {}, shared = {}, line }: { tenant?: object; shared?: object; line?: string }) => ({
  tenants: [
    textOfTenants([{ ...fine }]),
    line ?? textOfTenants([{ externalId: "X", displayName: "Two", ...tenant }]),
  ].join("\n"),
  ...shared,
});

const rulesOnOne = Object.values(rules).flatMap((rule) => ("validateStack" in rule ? [] : [{ name: rule.name, rule }]));

describe.each(bothProviders)("sets of $provider", ({ typeIn }) => {
  const type = typeIn("OrganizationSet");

  test.each(rulesOnOne)("have each tenant judged by $name", async ({ name, rule }) => {
    const { config = {}, ...given } = broken[name] ?? {};
    const said = await judged(rule, setWith(given), { name: "customers", type, config });
    expect(said).toEqual([expect.stringMatching(/^OrganizationSet customers, X: .*\. .*program/)]);
    expect(said.join()).not.toMatch(/hunter22|jane@/);
  });

  test("tell a problem once for all tenants that have it, and what is shared as if each had it", async () => {
    const tenants = textOfTenants(
      Array.from({ length: 10_000 }, (_, n) => ({ externalId: `CUST-${n}`, displayName: "x" })),
    );
    const props = { tenants, adopt: true };
    const said = await judged(rules.adoptWhereApproved, props, { name: "customers", type });
    expect(said).toEqual([
      expect.stringMatching(
        /^OrganizationSet customers, CUST-0, CUST-1, (CUST-\d+, ){7}CUST-1005 and 9,990 more: adopt/,
      ),
    ]);
    expect(await judged(rules.adoptWhereApproved, props, { type, config: { stacks: ["test"] } })).toEqual([]);
    expect(await judged(rules.adoptWhereApproved, { tenants: unknown, adopt: true }, { type })).toEqual([]);
  });

  test("tell no more than twenty different problems each, and count the rest", async () => {
    const metadata = (n: number) => ({ [`token_${n}`]: "hunter22" });
    const tenants = textOfTenants(
      Array.from({ length: 30 }, (_, n) => ({ externalId: `CUST-${n}`, displayName: "x", metadata: metadata(n) })),
    );
    const said = await judged(rules.noSecrets, { tenants }, { name: "customers", type });
    expect(said).toHaveLength(21);
    expect(said.at(-1)).toMatch(/^OrganizationSet customers: 10 more problems of tenants\. /);
  });

  test("except tenants by their external IDs, or a whole set by its name", async () => {
    const props = setWith({ shared: { deletionProtection: false } });
    const excepting = (except: string[]) =>
      judged(rules.productionProtected, props, { name: "customers", type, config: { stacks: ["test"], except } });
    expect(await excepting(["X"])).toEqual([expect.stringContaining("customers, CUST-1: ")]);
    expect(await excepting(["customers"])).toEqual([]);
  });

  test("are not protected by the option `protect`, for a tenant that leaves the list is an update of the set", async () => {
    const props = setWith({ tenant: { deletionProtection: false } });
    const shown = { type, opts: { protect: true }, config: { stacks: ["test"] } };
    expect(await judged(rules.productionProtected, props, shown)).toHaveLength(1);
  });

  test("are mended line by line", async () => {
    const tenants = 'CUST-1,"  One"\nCUST-2,Two\nnonsense,x,y';
    expect(await remedied(rules.displayNameConventions, { tenants, adopt: true }, { type })).toEqual({
      tenants: "CUST-1,One\nCUST-2,Two\nnonsense,x,y",
      adopt: true,
    });
    expect(await remedied(rules.displayNameConventions, { tenants: "CUST-2,Two" }, { type })).toBeUndefined();
    expect(await remedied(rules.displayNameConventions, { tenants: unknown }, { type })).toBeUndefined();
  });

  test("get a required key where no line's metadata would be lost by it, and the others are reported", async () => {
    const config = { keys: { tier: { default: "standard" } } };
    const tenants = "CUST-1,One\nCUST-2,Two,metadata.region=eu\nCUST-3,Three,metadata.tier=gold";
    const mended = await remedied(metadataKeysRequired, { tenants }, { type, config });
    expect(mended).toEqual({
      tenants: "CUST-1,One\nCUST-2,Two,metadata.region=eu,metadata.tier=standard\nCUST-3,Three,metadata.tier=gold",
    });
    expect(await judged(metadataKeysRequired, mended ?? {}, { type, config })).toEqual([
      expect.stringMatching(/, CUST-1: metadata.tier is not set/),
    ]);
    const declared = { tenants: "CUST-1,One", metadataOwnership: "declared" };
    expect(await remedied(metadataKeysRequired, declared, { type, config })).toMatchObject({
      tenants: "CUST-1,One,metadata.tier=standard",
    });
  });

  test("of 10,000 tenants are judged by all rules in seconds", async () => {
    const tenants = textOfTenants(
      Array.from({ length: 10_000 }, (_, n) => ({
        externalId: `CUST-${n}`,
        displayName: `Customer ${n}, Inc`,
        metadata: { tier: "gold", region: "eu-central-1", owner: "team-payments" },
        features: { sso: true },
      })),
    );
    const begun = Date.now();
    for (const { rule } of rulesOnOne) expect(await judged(rule, { tenants }, { type })).toEqual([]);
    expect(await judgedResources(externalIdsUnique, [{ name: "a", type, props: { tenants } }])).toEqual([]);
    const seconds = (Date.now() - begun) / 1000;
    console.log(`10,000 tenants, ${rulesOnOne.length + 1} rules: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(40);
  });
});

describe("external IDs are unique across", () => {
  const set = (name: string, tenants: string, typeIn = typeOf) => ({
    name,
    type: typeIn("OrganizationSet"),
    props: { tenants },
  });
  const organization = (name: string, externalId: string) => ({
    name,
    type: nativeTypeOf("Organization"),
    props: { displayName: "x", externalId },
  });

  test("sets of both providers", async () => {
    const said = await judgedResources(externalIdsUnique, [
      set("a", "CUST-1,One\nCUST-2,Two\nCUST-3,Three"),
      set("b", "CUST-2,Two\nCUST-3,Three\nCUST-4,Four", nativeTypeOf),
    ]);
    expect(said).toEqual([
      [
        expect.stringMatching(/::b$/),
        expect.stringContaining(
          "OrganizationSet b, CUST-2, CUST-3: its externalId is the same as that of OrganizationSet a.",
        ),
      ],
    ]);
  });

  test("a set and single organizations, whichever comes first", async () => {
    const shown = [organization("one", "CUST-1"), set("a", "CUST-1,One\nCUST-2,Two"), organization("two", "CUST-2")];
    expect((await judgedResources(externalIdsUnique, shown)).map(([, message]) => message)).toEqual([
      expect.stringContaining("OrganizationSet a, CUST-1: its externalId is the same as that of one."),
      expect.stringContaining("Organization two: its externalId is the same as that of OrganizationSet a."),
    ]);
  });

  test("the lines of one set", async () => {
    expect(await judgedResources(externalIdsUnique, [set("a", "CUST-1,One\nCUST-1,Two")])).toHaveLength(1);
  });
});
