// Written by `npm run sdk` from the definitions. Change those, and run it again.

export {
  type GetOrganizationArgs,
  type GetOrganizationOutputArgs,
  type GetOrganizationResult,
  getOrganization,
  getOrganizationOutput,
  Organization,
  type OrganizationArgs,
  type OrganizationFeatures,
} from "./organization.ts";
export {
  type GetOrganizationApiClientArgs,
  type GetOrganizationApiClientOutputArgs,
  type GetOrganizationApiClientResult,
  type GetOrganizationApiClientsArgs,
  type GetOrganizationApiClientsOutputArgs,
  getOrganizationApiClient,
  getOrganizationApiClientOutput,
  getOrganizationApiClients,
  getOrganizationApiClientsOutput,
  OrganizationApiClient,
  type OrganizationApiClientArgs,
} from "./organization-api-client.ts";
export {
  type GetOrganizationConnectionArgs,
  type GetOrganizationConnectionOutputArgs,
  type GetOrganizationConnectionResult,
  type GetOrganizationConnectionsArgs,
  type GetOrganizationConnectionsOutputArgs,
  getOrganizationConnection,
  getOrganizationConnectionOutput,
  getOrganizationConnections,
  getOrganizationConnectionsOutput,
  OrganizationConnection,
  type OrganizationConnectionArgs,
} from "./organization-connection.ts";
export {
  type GetOrganizationDomainArgs,
  type GetOrganizationDomainOutputArgs,
  type GetOrganizationDomainResult,
  type GetOrganizationDomainsArgs,
  type GetOrganizationDomainsOutputArgs,
  getOrganizationDomain,
  getOrganizationDomainOutput,
  getOrganizationDomains,
  getOrganizationDomainsOutput,
  OrganizationDomain,
  type OrganizationDomainArgs,
} from "./organization-domain.ts";
export {
  type GetOrganizationRoleArgs,
  type GetOrganizationRoleOutputArgs,
  type GetOrganizationRoleResult,
  type GetOrganizationRolesArgs,
  type GetOrganizationRolesOutputArgs,
  getOrganizationRole,
  getOrganizationRoleOutput,
  getOrganizationRoles,
  getOrganizationRolesOutput,
  OrganizationRole,
  type OrganizationRoleArgs,
} from "./organization-role.ts";
export {
  type GetOrganizationSessionPolicyArgs,
  type GetOrganizationSessionPolicyOutputArgs,
  type GetOrganizationSessionPolicyResult,
  getOrganizationSessionPolicy,
  getOrganizationSessionPolicyOutput,
  OrganizationSessionPolicy,
  type OrganizationSessionPolicyArgs,
} from "./organization-session-policy.ts";
export { OrganizationUserManagement, type OrganizationUserManagementArgs } from "./organization-user-management.ts";
export {
  type GetPermissionArgs,
  type GetPermissionOutputArgs,
  type GetPermissionResult,
  getPermission,
  getPermissionOutput,
  getPermissions,
  getPermissionsOutput,
  Permission,
  type PermissionArgs,
} from "./permission.ts";
export {
  type GetRoleArgs,
  type GetRoleOutputArgs,
  type GetRoleResult,
  getRole,
  getRoleOutput,
  getRoles,
  getRolesOutput,
  Role,
  type RoleArgs,
} from "./role.ts";
