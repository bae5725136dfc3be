import { definitions } from "./definitions/index.ts";
import { type ArgsOf, resourceClass } from "./resource-class.ts";

/**
 * Something that a user may do, to be granted by roles.
 *
 * @example
 * ```ts
 * const write = new Permission("write-invoices", { name: "invoices:write", description: "Write and send invoices" });
 * ```
 */
export class Permission extends resourceClass(definitions.Permission) {}
export type PermissionArgs = ArgsOf<typeof definitions.Permission>;

/**
 * A role that users of every organization can have.
 *
 * @example
 * ```ts
 * new Role("billing-admin", { name: "billing_admin", displayName: "Billing", permissions: [write.name] });
 * ```
 */
export class Role extends resourceClass(definitions.Role) {}
export type RoleArgs = ArgsOf<typeof definitions.Role>;

/**
 * A role that users of one organization can have.
 *
 * @example
 * ```ts
 * new OrganizationRole("auditor", { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" });
 * ```
 */
export class OrganizationRole extends resourceClass(definitions.OrganizationRole) {}
export type OrganizationRoleArgs = ArgsOf<typeof definitions.OrganizationRole>;

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
export class OrganizationDomain extends resourceClass(definitions.OrganizationDomain) {}
export type OrganizationDomainArgs = ArgsOf<typeof definitions.OrganizationDomain>;

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
export class OrganizationApiClient extends resourceClass(definitions.OrganizationApiClient) {}
export type OrganizationApiClientArgs = ArgsOf<typeof definitions.OrganizationApiClient>;

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
export class OrganizationSessionPolicy extends resourceClass(definitions.OrganizationSessionPolicy) {}
export type OrganizationSessionPolicyArgs = ArgsOf<typeof definitions.OrganizationSessionPolicy>;

/**
 * How many users an organization may have. Deleting it switches the limit off. No public endpoint tells what is set, so a
 * change by hand is not seen.
 *
 * @example
 * ```ts
 * new OrganizationUserManagement("megasoft", { organizationId: megasoft.id, maxAllowedUsers: 50 });
 * ```
 */
export class OrganizationUserManagement extends resourceClass(definitions.OrganizationUserManagement) {}
export type OrganizationUserManagementArgs = ArgsOf<typeof definitions.OrganizationUserManagement>;
