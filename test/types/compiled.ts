// A program that compilers.test.ts has compiled by every TypeScript, never run.
import * as pulumi from "@pulumi/pulumi";
import * as scalekit from "pulumi-scalekit";

const megasoft = new scalekit.Organization("megasoft", { displayName: "Megasoft", features: { sso: true } });
const args: scalekit.RoleArgs = { name: "all", displayName: pulumi.output("All"), permissions: [pulumi.output("a")] };
const role = new scalekit.Role("all", args);
export const roleId: pulumi.Output<string | undefined> = role.roleId;
export const names: Promise<string[]> = scalekit.getRoles().then((roles) => roles.map(({ name }) => name));
export const found: pulumi.Output<scalekit.GetRoleResult> = scalekit.getRoleOutput({ name: role.name });
export const looked: scalekit.Role = scalekit.Role.get("looked", "all");
export const organization: Promise<scalekit.GetOrganizationResult> = scalekit.getOrganization({ externalId: "CUST-1" });
new scalekit.OrganizationFleet("customers", { tenants: [{ externalId: "CUST-1", displayName: "One" }] });
new scalekit.OrganizationDomain("megasoft.com", {
  organizationId: megasoft.id,
  domain: "megasoft.com",
  domainType: "ORGANIZATION_DOMAIN",
});
// @ts-expect-error nothing is taken for any
new scalekit.Role("wrong", { name: 7, displayName: "Wrong" });
// @ts-expect-error nor are outputs
export const wrong: pulumi.Output<number> = role.displayName;
