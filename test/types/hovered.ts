// What an editor is asked about: read by hover.test.ts as text, never run.
import {
  getOrganizationDomain,
  getRole,
  OrganizationApiClient,
  OrganizationDomain,
  OrganizationSessionPolicy,
  Role,
} from "pulumi-scalekit";

const role = new Role("a", { name: "a", displayName: "b", extends: "c", permissions: [], adopt: true });
export const shown = [role.roleId, role.description];

const ofRobot = { organizationId: "org_1", name: "a" };
export const robot = new OrganizationApiClient("a", { ...ofRobot, expiry: 1, rotation: "a", customClaims: {} });
export const secret = robot.clientSecret;
new OrganizationDomain("a", { organizationId: "org_1", domain: "a.com", domainType: "ORGANIZATION_DOMAIN" });
new OrganizationSessionPolicy("a", { organizationId: "org_1", absoluteSessionTimeout: 1 });

export const found = getRole({ name: "a" }).then(({ permissions }) => permissions);
export const other = getOrganizationDomain({ id: "org_1/dom_1" });
