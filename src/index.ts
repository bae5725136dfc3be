import "./node-version.ts";

export { OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "./sdk/fleet/fleet.ts";
export * from "./sdk/generated/index.ts";
export {
  type GetOrganizationsArgs,
  type GetOrganizationsOutputArgs,
  getOrganizations,
  getOrganizationsOutput,
} from "./sdk/selection/organizations.ts";
export { OrganizationSet, type OrganizationSetArgs, type SetTenant } from "./sdk/set/set.ts";
