import { definitions } from "../definitions/index.ts";
import { dynamicProviderOf } from "./dynamic.ts";

/** The dynamic provider of each definition, by the name of its class. */
export const Organization = dynamicProviderOf(definitions.Organization);
export const Permission = dynamicProviderOf(definitions.Permission);
export const Role = dynamicProviderOf(definitions.Role);
export const OrganizationRole = dynamicProviderOf(definitions.OrganizationRole);
export const OrganizationDomain = dynamicProviderOf(definitions.OrganizationDomain);
export const OrganizationApiClient = dynamicProviderOf(definitions.OrganizationApiClient);
export const OrganizationConnection = dynamicProviderOf(definitions.OrganizationConnection);
export const OrganizationSessionPolicy = dynamicProviderOf(definitions.OrganizationSessionPolicy);
export const OrganizationUserManagement = dynamicProviderOf(definitions.OrganizationUserManagement);
