import { organizations } from "./organizations";

export const organizationIds = Object.fromEntries(
  Object.entries(organizations).map(([name, organization]) => [name, organization.id]),
);
