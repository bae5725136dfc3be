import { clients } from "./clients.ts";
import { connections } from "./connections.ts";
import { defaultRoles } from "./default-roles.ts";
import { domains } from "./domains.ts";
import type { Endpoint } from "./endpoint.ts";
import { organizations } from "./organizations.ts";
import { permissions } from "./permissions.ts";
import { rolePermissions } from "./role-permissions.ts";
import { organizationRoles, roles } from "./roles.ts";
import { sessionPolicies } from "./session-policy.ts";
import { userManagement } from "./user-management.ts";

/** Every endpoint that is served. */
export const endpoints: readonly Endpoint[] = [
  ...organizations,
  ...sessionPolicies,
  ...userManagement,
  ...domains,
  ...clients,
  ...connections,
  ...permissions,
  ...roles,
  ...rolePermissions,
  ...organizationRoles,
  ...defaultRoles,
];
