import * as pulumi from "@pulumi/pulumi";
import { OrganizationFleet } from "pulumi-scalekit";
import { isIn, partOf } from "./keyspace";
import tenants from "./tenants.json";

// The stack part-2-of-4 has the second quarter of the customers, and a stack of any other name has all of them.
const part = partOf(pulumi.getStack());

const customers = new OrganizationFleet("customers", {
  tenants: tenants.filter(({ externalId }) => isIn(part, externalId)),
  metadata: { managed_by: "pulumi" },
});

export const organizationIds = customers.ids;
