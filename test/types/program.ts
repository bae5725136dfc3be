// What a user's compiler says: read by types.test.ts as TypeScript has it, never run.
import * as pulumi from "@pulumi/pulumi";
import {
  Organization,
  OrganizationApiClient,
  OrganizationConnection,
  OrganizationDomain,
  type OrganizationDomainArgs,
  OrganizationRole,
  OrganizationSessionPolicy,
  OrganizationSet,
  OrganizationUserManagement,
  Permission,
  Role,
} from "pulumi-scalekit";

/** Whether two types are the same, and not only fit. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type OutputsOf<T> = { [Name in keyof T]: T[Name] extends pulumi.Output<infer Value> ? Value : never };
const holds = <T extends true>(): T | undefined => undefined;

const megasoft = new Organization("megasoft", { displayName: "Megasoft", features: { sso: pulumi.output(true) } });
const config = new pulumi.Config();
const secret = config.requireSecret("secret");
declare const mail: pulumi.Output<"ORGANIZATION_DOMAIN" | "ALLOWED_EMAIL_DOMAIN">;

const write = new Permission("write", { name: "invoices:write" });
new Role("all", { name: "all", displayName: secret, permissions: [write.name, "a"], extends: "member", adopt: true });
new Role("listed", {
  name: "listed",
  displayName: "Listed",
  permissions: pulumi.output(["a"]),
  description: undefined,
});
new OrganizationRole("one", {
  organizationId: megasoft.id,
  name: "one",
  displayName: "One",
  adopt: config.getBoolean("a"),
});
new OrganizationDomain("mail", { organizationId: megasoft.id, domain: "megasoft.com", domainType: mail });
new OrganizationDomain("login", { organizationId: "org_1", domain: secret, domainType: "ORGANIZATION_DOMAIN" });
new OrganizationConnection("okta", {
  organizationId: megasoft.id,
  connectionId: secret,
  enabled: config.getBoolean("a") ?? true,
});
// @ts-expect-error no program makes one, so each is adopted unasked
new OrganizationConnection("adopted", { organizationId: "org_1", connectionId: "conn_1", enabled: true, adopt: true });
new OrganizationSessionPolicy("short", { organizationId: megasoft.id, absoluteSessionTimeout: pulumi.output(60) });
new OrganizationUserManagement("few", { organizationId: megasoft.id, maxAllowedUsers: 5 });
const robot = new OrganizationApiClient("robot", {
  organizationId: megasoft.id,
  name: "Robot",
  scopes: [secret],
  customClaims: { tier: secret },
  expiry: config.getNumber("expiry"),
});

// @ts-expect-error a role has a name that people see
new Role("nameless", { name: "nameless" });
// @ts-expect-error a domain belongs to an organization
new OrganizationDomain("nobody's", { domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" });
// @ts-expect-error there are two types of domains
new OrganizationDomain("other", { organizationId: "org_1", domain: "megasoft.com", domainType: "OTHER" });
// @ts-expect-error many clients may have one name, so there is nothing to adopt one by
new OrganizationApiClient("adopted", { organizationId: "org_1", name: "Robot", adopt: true });
// @ts-expect-error a policy is the organization's already
new OrganizationSessionPolicy("adopted", { organizationId: "org_1", absoluteSessionTimeout: 60, adopt: true });
// @ts-expect-error minutes are a number
new OrganizationSessionPolicy("text", { organizationId: "org_1", absoluteSessionTimeout: "60" });
// @ts-expect-error the API's own name is not an argument's
new Permission("snake", { name: "a", permission_id: "perm_1" });
// @ts-expect-error outputs are Scalekit's to decide
write.permissionId = pulumi.output("perm_1");

holds<Same<OutputsOf<OrganizationApiClient>["clientSecret"], string>>();
holds<Same<OutputsOf<OrganizationApiClient>["clientId"], string>>();
holds<Same<OutputsOf<OrganizationApiClient>["expiry"], number | undefined>>();
holds<Same<OutputsOf<OrganizationApiClient>["scopes"], readonly string[] | undefined>>();
holds<Same<OutputsOf<OrganizationApiClient>["customClaims"], Readonly<Record<string, string>> | undefined>>();
holds<Same<OutputsOf<OrganizationDomain>["txtRecordKey"], string | undefined>>();
holds<Same<OutputsOf<OrganizationDomain>["domainId"], string>>();
holds<Same<OutputsOf<Role>["defaultMember"], boolean>>();
holds<Same<OutputsOf<Role>["displayName"], string>>();
holds<Same<OutputsOf<Role>["description"], string | undefined>>();
holds<Same<OutputsOf<OrganizationSessionPolicy>["idleSessionTimeout"], number | undefined>>();
// @ts-expect-error so that this file can fail
holds<Same<OutputsOf<Role>["description"], string>>();

/** A function of one's own over the arguments. */
export const domainOf = (args: Omit<OrganizationDomainArgs, "organizationId">) =>
  new OrganizationDomain("own", { organizationId: robot.organizationId, ...args });
export const looked: OrganizationRole = OrganizationRole.get("looked", "org_1/auditor");

const set = new OrganizationSet("customers", { file: "tenants.csv", metadata: { managed_by: secret }, adopt: true });
new OrganizationSet("listed", {
  tenants: [{ externalId: "CUST-1", formerExternalId: "CUST-0", displayName: secret, metadata: { tier: secret } }],
});
new OrganizationDomain("of a set", {
  organizationId: set.idOf("CUST-1"),
  domain: "megasoft.com",
  domainType: "ORGANIZATION_DOMAIN",
});
holds<Same<OutputsOf<OrganizationSet>["ids"], Record<string, pulumi.ID>>>();
holds<Same<OutputsOf<OrganizationSet>["tenants"], string>>();
holds<Same<OutputsOf<OrganizationSet>["idList"], string>>();
holds<Same<OutputsOf<OrganizationSet>["count"], number>>();
// @ts-expect-error a list comes from one place
new OrganizationSet("both", { file: "tenants.csv", tenants: [] });
// @ts-expect-error and from some place
new OrganizationSet("none", {});
// @ts-expect-error a tenant is recognized by its external ID
new OrganizationSet("nobody", { tenants: [{ displayName: "One" }] });
// @ts-expect-error which is plain
new OrganizationSet("secret", { tenants: [{ externalId: secret, displayName: "One" }] });
// @ts-expect-error two tenants cannot have one name in redirect URIs
new OrganizationSet("slug", { file: "tenants.csv", slug: "acme" });
