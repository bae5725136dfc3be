import type { Definition } from "./definition.ts";
import { organization } from "./organization.ts";
import { organizationApiClient } from "./organization-api-client.ts";
import { organizationConnection } from "./organization-connection.ts";
import { organizationDomain } from "./organization-domain.ts";
import { organizationSessionPolicy } from "./organization-session-policy.ts";
import { organizationSet, type ResourceType } from "./organization-set.ts";
import { organizationUserManagement } from "./organization-user-management.ts";
import { permission } from "./permission.ts";
import { organizationRole, role } from "./role.ts";
import { nativeTypeOf, typeOf } from "./tokens.ts";

/** Every type of resource, by the name of its class. */
export const definitions = {
  Organization: organization,
  Permission: permission,
  Role: role,
  OrganizationRole: organizationRole,
  OrganizationDomain: organizationDomain,
  OrganizationApiClient: organizationApiClient,
  OrganizationConnection: organizationConnection,
  OrganizationSessionPolicy: organizationSessionPolicy,
  OrganizationUserManagement: organizationUserManagement,
} as const satisfies Readonly<Record<string, Definition>>;

/** The type of a resource in URNs and state, whichever provider serves it. */
export const resourceTypeOf = (type: string): ResourceType | undefined =>
  definitionOf(type) ??
  ([typeOf, nativeTypeOf].some((of) => of(organizationSet.name) === type) ? organizationSet : undefined);

/** The definition whose resources have a type in URNs and state, whichever provider serves them. */
export const definitionOf = (type: string): Definition | undefined => byType.get(type);

const byType = new Map<string, Definition>(
  Object.values(definitions).flatMap((definition) =>
    [typeOf(definition.name), nativeTypeOf(definition.name)].map((type) => [type, definition] as const),
  ),
);
