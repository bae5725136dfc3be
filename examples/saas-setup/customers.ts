import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import {
  OrganizationDomain,
  OrganizationFleet,
  OrganizationSessionPolicy,
  OrganizationUserManagement,
} from "pulumi-scalekit";
import { planOf } from "./plans";

type Row = Record<"externalId" | "displayName" | "slug" | "plan" | "domain", string>;

const rows: Row[] = parse(readFileSync(join(__dirname, "customers.csv")), { columns: true });

/** An organization for each row. The plan decides its features, and stands in its metadata for the application to read. */
export const customers = new OrganizationFleet("customers", {
  tenants: rows.map(({ externalId, displayName, slug, plan }) => ({
    externalId,
    displayName,
    slug: slug || undefined,
    metadata: { plan },
    features: planOf(plan).features,
  })),
});

for (const { externalId, plan, domain } of rows) {
  const { users, session } = planOf(plan);
  const organizationId = customers.organizations[externalId].id;

  new OrganizationUserManagement(externalId, { organizationId, maxAllowedUsers: users });
  if (session) {
    new OrganizationSessionPolicy(externalId, {
      organizationId,
      absoluteSessionTimeout: session.absolute,
      idleSessionTimeout: session.idle,
    });
  }
  if (domain) {
    new OrganizationDomain(domain, { organizationId, domain, domainType: "ORGANIZATION_DOMAIN" });
  }
}
