import { OrganizationFleet } from "pulumi-scalekit";

// The list is for everyone in the company to edit; what is said here holds for each customer in it.
const customers = new OrganizationFleet("customers", {
  file: "tenants.csv",
  metadata: { managed_by: "pulumi" },
});

export const organizationIds = customers.ids;
