export { OrganizationFleet, type OrganizationFleetArgs, type Tenant } from "./fleet/fleet.ts";
export { Organization, type OrganizationArgs } from "./organization.ts";
