import type { Definition } from "./definition.ts";
import { organization } from "./organization.ts";
import { organizationApiClient } from "./organization-api-client.ts";
import { organizationConnection } from "./organization-connection.ts";
import { organizationDomain } from "./organization-domain.ts";
import { organizationSessionPolicy } from "./organization-session-policy.ts";
import { isSet, organizationSet, type ResourceType, type SetDefinition } from "./organization-set.ts";
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

/** Everything that a resource can be, by the name of its class. */
export const resourceTypes = { ...definitions, OrganizationSet: organizationSet } as const;

/** What a type in URNs and state stands for, whichever provider serves it. */
export const resourceTypeOf = (type: string): ResourceType | undefined => byType.get(type);

/** The definition whose resources have a type in URNs and state, whichever provider serves them. */
export function definitionOf(type: string): Definition | undefined {
  const found = byType.get(type);
  return found === undefined || isSet(found) ? undefined : found;
}

/** The definition of a type whose resources are sets. */
export function setOf(type: string): SetDefinition | undefined {
  const found = byType.get(type);
  return found !== undefined && isSet(found) ? found : undefined;
}

const byType = new Map<string, ResourceType>(
  Object.values(resourceTypes).flatMap((known) =>
    [typeOf(known.name), nativeTypeOf(known.name)].map((type) => [type, known] as const),
  ),
);
