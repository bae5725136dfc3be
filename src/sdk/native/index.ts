import "../../node-version.ts";

export { OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "./fleet.ts";
export * from "./generated/index.ts";
export {
  type GetOrganizationsArgs,
  type GetOrganizationsOutputArgs,
  getOrganizations,
  getOrganizationsOutput,
} from "./organizations.ts";
export { Provider, type ProviderArgs } from "./provider.ts";
export { OrganizationSet, type OrganizationSetArgs, type SetTenant } from "./set.ts";
