import "./node-version.ts";

export { OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "./fleet/fleet.ts";
export {
  type GetOrganizationArgs,
  type GetOrganizationOutputArgs,
  type GetOrganizationsArgs,
  type GetOrganizationsOutputArgs,
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
} from "./lookups/lookups.ts";
export {
  getOrganizationApiClient,
  getOrganizationApiClientOutput,
  getOrganizationApiClients,
  getOrganizationApiClientsOutput,
  getOrganizationDomain,
  getOrganizationDomainOutput,
  getOrganizationDomains,
  getOrganizationDomainsOutput,
  getOrganizationRole,
  getOrganizationRoleOutput,
  getOrganizationRoles,
  getOrganizationRolesOutput,
  getOrganizationSessionPolicy,
  getOrganizationSessionPolicyOutput,
  getPermission,
  getPermissionOutput,
  getPermissions,
  getPermissionsOutput,
  getRole,
  getRoleOutput,
  getRoles,
  getRolesOutput,
} from "./lookups/resources.ts";
export { Organization, type OrganizationArgs } from "./organization.ts";
export {
  OrganizationApiClient,
  type OrganizationApiClientArgs,
  OrganizationDomain,
  type OrganizationDomainArgs,
  OrganizationRole,
  type OrganizationRoleArgs,
  OrganizationSessionPolicy,
  type OrganizationSessionPolicyArgs,
  OrganizationUserManagement,
  type OrganizationUserManagementArgs,
  Permission,
  type PermissionArgs,
  Role,
  type RoleArgs,
} from "./resources.ts";
export type { Organization as GetOrganizationResult } from "./schema.ts";
