import type { Collections } from "./collections.ts";

/** Adds what every environment of Scalekit has from the start: its own permissions, and two roles that have them. */
export function plantPredefined({ permissions, roles, default_roles }: Collections): void {
  for (const [name, description] of predefined) {
    permissions.insert(null, { name, description, is_scalekit_permission: true }, name);
  }
  const role = { organization_id: null, description: "", extends: null, users: 0 };
  const all = predefined.map(([name]) => name);
  const few = ["sk_org_settings_read", "sk_org_users_read"];
  roles.insert(null, { ...role, name: "admin", display_name: "Admin", permissions: all }, "admin");
  roles.insert(null, { ...role, name: "member", display_name: "Member", permissions: few }, "member");
  default_roles.insert(null, { creator: "admin", member: "member" }, "");
}

const predefined: readonly (readonly [name: string, description: string])[] = [
  ["sk_org_settings_read", "View organization profile and settings"],
  ["sk_org_settings_manage", "View and modify organization profile and settings"],
  ["sk_org_users_read", "View users in an organization"],
  ["sk_org_users_invite", "Invite new users to an organization"],
  ["sk_org_users_delete", "Remove users from an organization"],
  ["sk_org_users_role_change", "Change roles of users in an organization"],
  ["sk_org_sso_read", "View SSO configuration for an organization"],
  ["sk_org_sso_manage", "View and modify SSO configuration for an organization"],
  ["sk_org_scim_read", "View SCIM configuration for an organization"],
  ["sk_org_scim_manage", "View and modify SCIM configuration for an organization"],
  ["sk_org_session_policy_read", "View session policy for an organization"],
  ["sk_org_session_policy_manage", "View and manage session policy for an organization"],
];
