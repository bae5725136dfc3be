import { definitions } from "../definitions/index.ts";
import { type LookUp, type LookUpAll, type LookUpAllOutput, type LookUpOutput, lookUpsOf } from "./resource-lookups.ts";

type Definitions = typeof definitions;

const permissions = lookUpsOf(definitions.Permission);
/** Reads a permission that exists, whoever manages it, in a preview too. Fails if there is none. */
export const getPermission: LookUp<Definitions["Permission"]> = permissions.get;
/** {@link getPermission} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getPermissionOutput: LookUpOutput<Definitions["Permission"]> = permissions.getOutput;
/** Reads every permission of the environment, with Scalekit's own. */
export const getPermissions: LookUpAll<Definitions["Permission"]> = permissions.list;
export const getPermissionsOutput: LookUpAllOutput<Definitions["Permission"]> = permissions.listOutput;

const roles = lookUpsOf(definitions.Role);
/** Reads a role of the environment that exists, whoever manages it. Fails if there is none. */
export const getRole: LookUp<Definitions["Role"]> = roles.get;
/** {@link getRole} for values that may not be known yet. */
export const getRoleOutput: LookUpOutput<Definitions["Role"]> = roles.getOutput;
/** Reads every role of the environment, with those that every environment has. */
export const getRoles: LookUpAll<Definitions["Role"]> = roles.list;
export const getRolesOutput: LookUpAllOutput<Definitions["Role"]> = roles.listOutput;

const organizationRoles = lookUpsOf(definitions.OrganizationRole);
/** Reads a role of an organization's own. Fails if there is none; those of the environment are `getRole`'s. */
export const getOrganizationRole: LookUp<Definitions["OrganizationRole"]> = organizationRoles.get;
/** {@link getOrganizationRole} for values that may not be known yet. */
export const getOrganizationRoleOutput: LookUpOutput<Definitions["OrganizationRole"]> = organizationRoles.getOutput;
/** Reads every role of an organization's own. */
export const getOrganizationRoles: LookUpAll<Definitions["OrganizationRole"]> = organizationRoles.list;
export const getOrganizationRolesOutput: LookUpAllOutput<Definitions["OrganizationRole"]> =
  organizationRoles.listOutput;

const organizationDomains = lookUpsOf(definitions.OrganizationDomain);
/** Reads a domain of an organization, with its verification. Fails if there is none. */
export const getOrganizationDomain: LookUp<Definitions["OrganizationDomain"]> = organizationDomains.get;
/** {@link getOrganizationDomain} for values that may not be known yet. */
export const getOrganizationDomainOutput: LookUpOutput<Definitions["OrganizationDomain"]> =
  organizationDomains.getOutput;
/** Reads every domain of an organization. */
export const getOrganizationDomains: LookUpAll<Definitions["OrganizationDomain"]> = organizationDomains.list;
export const getOrganizationDomainsOutput: LookUpAllOutput<Definitions["OrganizationDomain"]> =
  organizationDomains.listOutput;

const organizationApiClients = lookUpsOf(definitions.OrganizationApiClient);
/** Reads an API client of an organization, never with its secret. Fails if there is none. */
export const getOrganizationApiClient: LookUp<Definitions["OrganizationApiClient"]> = organizationApiClients.get;
/** {@link getOrganizationApiClient} for values that may not be known yet. */
export const getOrganizationApiClientOutput: LookUpOutput<Definitions["OrganizationApiClient"]> =
  organizationApiClients.getOutput;
/** Reads every API client of an organization, never with a secret. */
export const getOrganizationApiClients: LookUpAll<Definitions["OrganizationApiClient"]> = organizationApiClients.list;
export const getOrganizationApiClientsOutput: LookUpAllOutput<Definitions["OrganizationApiClient"]> =
  organizationApiClients.listOutput;

const organizationSessionPolicies = lookUpsOf(definitions.OrganizationSessionPolicy);
/** Reads the session policy of an organization's own. Fails if it has the application's. */
export const getOrganizationSessionPolicy: LookUp<Definitions["OrganizationSessionPolicy"]> =
  organizationSessionPolicies.get;
/** {@link getOrganizationSessionPolicy} for values that may not be known yet. */
export const getOrganizationSessionPolicyOutput: LookUpOutput<Definitions["OrganizationSessionPolicy"]> =
  organizationSessionPolicies.getOutput;
