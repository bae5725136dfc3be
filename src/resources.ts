import { organizationApiClient } from "./definitions/organization-api-client.ts";
import { organizationDomain } from "./definitions/organization-domain.ts";
import { organizationSessionPolicy } from "./definitions/organization-session-policy.ts";
import { organizationUserManagement } from "./definitions/organization-user-management.ts";
import { permission } from "./definitions/permission.ts";
import { organizationRole, role } from "./definitions/role.ts";
import { type ArgsOf, type ResourceClass as Class, resourceClass } from "./resource-class.ts";

// Each assertion says what is known: it makes the declaration file name the definition, where it would copy it without
// the comments of its fields, which editors show.

/**
 * Something that a user may do, to be granted by roles.
 *
 * @example
 * ```ts
 * const write = new Permission("write-invoices", { name: "invoices:write", description: "Write and send invoices" });
 * ```
 */
export class Permission extends (resourceClass(permission) as Class<typeof permission>) {}
export type PermissionArgs = ArgsOf<typeof permission>;

/**
 * A role that users of every organization can have.
 *
 * @example
 * ```ts
 * new Role("billing-admin", { name: "billing_admin", displayName: "Billing", permissions: [write.name] });
 * ```
 */
export class Role extends (resourceClass(role) as Class<typeof role>) {}
export type RoleArgs = ArgsOf<typeof role>;

/**
 * A role that users of one organization can have.
 *
 * @example
 * ```ts
 * new OrganizationRole("auditor", { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" });
 * ```
 */
export class OrganizationRole extends (resourceClass(organizationRole) as Class<typeof organizationRole>) {}
export type OrganizationRoleArgs = ArgsOf<typeof organizationRole>;

/**
 * A mail domain of an organization. Every change makes another one of it.
 *
 * @example
 * ```ts
 * new OrganizationDomain("megasoft.com", {
 *   organizationId: megasoft.id,
 *   domain: "megasoft.com",
 *   domainType: "ORGANIZATION_DOMAIN",
 * });
 * ```
 */
export class OrganizationDomain extends (resourceClass(organizationDomain) as Class<typeof organizationDomain>) {}
export type OrganizationDomainArgs = ArgsOf<typeof organizationDomain>;

/**
 * What a customer's own programs get tokens with. Its secret is an output that Pulumi keeps as a secret; another
 * `rotation` gives a new client with a new one.
 *
 * @example
 * ```ts
 * const robot = new OrganizationApiClient("robot", { organizationId: megasoft.id, name: "Robot", rotation: "2026-11" });
 * export const secret = robot.clientSecret;
 * ```
 */
export class OrganizationApiClient extends (resourceClass(organizationApiClient) as Class<
  typeof organizationApiClient
>) {}
export type OrganizationApiClientArgs = ArgsOf<typeof organizationApiClient>;

/**
 * How long sessions of an organization's users last. Deleting it gives the organization the application's policy back.
 *
 * @example
 * ```ts
 * new OrganizationSessionPolicy("megasoft", {
 *   organizationId: megasoft.id,
 *   absoluteSessionTimeout: 12 * 60,
 *   idleSessionTimeout: 30,
 * });
 * ```
 */
export class OrganizationSessionPolicy extends (resourceClass(organizationSessionPolicy) as Class<
  typeof organizationSessionPolicy
>) {}
export type OrganizationSessionPolicyArgs = ArgsOf<typeof organizationSessionPolicy>;

/**
 * How many users an organization may have. Deleting it switches the limit off. No public endpoint tells what is set, so a
 * change by hand is not seen.
 *
 * @example
 * ```ts
 * new OrganizationUserManagement("megasoft", { organizationId: megasoft.id, maxAllowedUsers: 50 });
 * ```
 */
export class OrganizationUserManagement extends (resourceClass(organizationUserManagement) as Class<
  typeof organizationUserManagement
>) {}
export type OrganizationUserManagementArgs = ArgsOf<typeof organizationUserManagement>;
