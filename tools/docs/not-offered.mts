/** Why the provider does not use what the emulator serves. */
export const notUsed: Readonly<Record<string, string>> = {
  ...many("a secret is rotated by replacing the client, so that state and program always know it", [
    "DELETE /api/v1/organizations/{organization_id}/clients/{client_id}/secrets/{secret_id}",
  ]),
  ...many("a role's permissions are set with the role", [
    "GET /api/v1/roles/{role_name}/permissions",
    "POST /api/v1/roles/{role_name}/permissions",
    "GET /api/v1/roles/{role_name}/permissions:all",
  ]),
  ...many("no public endpoint makes a connection, so one that is taken out of a program is left as it is", [
    "DELETE /api/v1/organizations/{organization_id}/connections/{id}",
  ]),
  ...many("only a report of Scalekit about its users; nothing to declare", [
    "GET /api/v1/roles/{role_name}/dependents",
    "GET /api/v1/roles/{role_name}/users:count",
  ]),
  ...many("which roles are the defaults can be set and not unset, so no resource would know what to go back to", [
    "PATCH /api/v1/roles:set_defaults",
    "PATCH /api/v1/roles/default",
    "PATCH /api/v1/organizations/{org_id}/roles:set_defaults",
  ]),
};

function many(reason: string, endpoints: readonly string[]): Record<string, string> {
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint, reason]));
}

export interface NotOffered {
  readonly endpoints: readonly string[];
  readonly status: "public" | "PREVIEW";
  readonly reason: string;
}

/** Scalekit's endpoints about organizations, and what belongs to them, that this project does not offer. */
export const notOffered: readonly NotOffered[] = [
  all("public", "a portal link is a live credential of a minute's life, not something to declare", [
    "PUT /api/v1/organizations/{id}/portal_links",
  ]),
  all("public", "users and memberships are made and changed at run time, by sign-up, invitation and directory sync", [
    "GET /api/v1/users",
    "GET /api/v1/users:search",
    "GET /api/v1/users/{id}",
    "PATCH /api/v1/users/{id}",
    "DELETE /api/v1/users/{id}",
    "GET /api/v1/users:external/{external_id}",
    "PATCH /api/v1/users:external/{external_id}",
    "DELETE /api/v1/users:external/{external_id}",
    "GET /api/v1/organizations/{organization_id}/users",
    "POST /api/v1/organizations/{organization_id}/users",
    "GET /api/v1/organizations/{organization_id}/users:search",
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/roles",
    "GET /api/v1/organizations/{organization_id}/users/{user_id}/permissions",
    "POST /api/v1/memberships/organizations/{organization_id}/users/{id}",
    "PATCH /api/v1/memberships/organizations/{organization_id}/users/{id}",
    "DELETE /api/v1/memberships/organizations/{organization_id}/users/{id}",
    "POST /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}",
    "PATCH /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}",
    "DELETE /api/v1/memberships/organizations/{organization_id}/users:external/{external_id}",
    "PATCH /api/v1/invites/organizations/{organization_id}/users/{id}/resend",
  ]),
  all("public", "directories cannot be created or changed by public endpoints; customers set them up in the portal", [
    "GET /api/v1/organizations/{organization_id}/directories",
    "GET /api/v1/organizations/{organization_id}/directories/{id}",
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/users",
    "GET /api/v1/organizations/{organization_id}/directories/{directory_id}/groups",
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:enable",
    "PATCH /api/v1/organizations/{organization_id}/directories/{id}:disable",
  ]),
  all("PREVIEW", "search by a text; look-ups filter what the public list gives", ["GET /api/v1/organizations:search"]),
  all("PREVIEW", "so drift of OrganizationUserManagement is not seen", [
    "GET /api/v1/organizations/{organization_id}/settings/usermanagement",
  ]),
  all("PREVIEW", "so a domain is replaced where its type changes, and verified by hand or by the portal", [
    "PATCH /api/v1/organizations/{organization_id}/domains/{id}",
    "PATCH /api/v1/organizations/{organization_id}/domains/{id}:verify",
  ]),
  all("PREVIEW", "so `extends` of a role that has it cannot be cleared", [
    "DELETE /api/v1/roles/{role_name}/base",
    "DELETE /api/v1/organizations/{org_id}/roles/{role_name}/base",
  ]),
  all("PREVIEW", "only a report of Scalekit about its users; nothing to declare", [
    "GET /api/v1/organizations/{org_id}/roles/{role_name}/users:count",
  ]),
  all("PREVIEW", "the application's own policy, which OrganizationSessionPolicy goes back to when it is deleted", [
    "GET /api/v1/organizations/{organization_id}/application-session-policy",
  ]),
  all("PREVIEW", "branding of one organization; a resource once it is public", [
    "GET /api/v1/organizations/{organization_id}/portal_customizations",
    "PUT /api/v1/organizations/{organization_id}/portal_customizations",
  ]),
  all("PREVIEW", "so OrganizationConnection adopts what is there; those of directories have no public path either", [
    "POST /api/v1/organizations/{organization_id}/connections",
    "PATCH /api/v1/organizations/{organization_id}/connections/{id}",
  ]),
];

function all(status: NotOffered["status"], reason: string, endpoints: readonly string[]): NotOffered {
  return { endpoints, status, reason };
}
