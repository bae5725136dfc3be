export { Organization, type OrganizationArgs } from "./organization.ts";
