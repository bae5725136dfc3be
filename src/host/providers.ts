import type { Definition } from "../definitions/definition.ts";
import { definitions } from "../definitions/index.ts";
import { dynamicProviderOf } from "./dynamic.ts";

/** What the text in the state of each resource names: it gives the dynamic provider of a definition. */
export const Organization = handlerOf(definitions.Organization);
export const Permission = handlerOf(definitions.Permission);
export const Role = handlerOf(definitions.Role);
export const OrganizationRole = handlerOf(definitions.OrganizationRole);
export const OrganizationDomain = handlerOf(definitions.OrganizationDomain);
export const OrganizationApiClient = handlerOf(definitions.OrganizationApiClient);
export const OrganizationConnection = handlerOf(definitions.OrganizationConnection);
export const OrganizationSessionPolicy = handlerOf(definitions.OrganizationSessionPolicy);
export const OrganizationUserManagement = handlerOf(definitions.OrganizationUserManagement);

function handlerOf(definition: Definition) {
  const provider = dynamicProviderOf(definition);
  return () => provider;
}
