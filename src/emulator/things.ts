import type { StoredClient } from "./clients.ts";
import type { Collection, collections } from "./collection.ts";
import type { StoredDomain } from "./domains.ts";
import type { StoredPermission } from "./permissions.ts";
import type { StoredDefaultRoles, StoredRole } from "./roles.ts";
import type { StoredSessionPolicy } from "./session-policy.ts";
import type { StoredUserManagement } from "./user-management.ts";

/** What there is beside organizations, by kind. */
export interface Kinds {
  permissions: StoredPermission;
  roles: StoredRole;
  default_roles: StoredDefaultRoles;
  domains: StoredDomain;
  clients: StoredClient;
  session_policies: StoredSessionPolicy;
  user_management_settings: StoredUserManagement;
}

/** How the ids of a kind begin. */
const prefixes: Readonly<Record<keyof Kinds, string>> = {
  permissions: "perm_",
  roles: "role_",
  default_roles: "defaults_",
  domains: "dom_",
  clients: "m2morg_",
  session_policies: "policy_",
  user_management_settings: "settings_",
};

export const kinds = Object.keys(prefixes) as readonly (keyof Kinds)[];

export type Things = { readonly [K in keyof Kinds]: Collection<Kinds[K]> };

/** The collection of every kind. */
export const thingsIn = (collectionOf: ReturnType<typeof collections>): Things =>
  Object.fromEntries(kinds.map((kind) => [kind, collectionOf(kind, prefixes[kind])])) as unknown as Things;
