import "./node-version.ts";

export { OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "./fleet/fleet.ts";
export * from "./generated/index.ts";
export {
  type GetOrganizationArgs,
  type GetOrganizationOutputArgs,
  type GetOrganizationResult,
  type GetOrganizationsArgs,
  type GetOrganizationsOutputArgs,
  getOrganization,
  getOrganizationOutput,
  getOrganizations,
  getOrganizationsOutput,
} from "./lookups/lookups.ts";
export { Organization, type OrganizationArgs } from "./organization.ts";
