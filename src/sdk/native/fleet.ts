import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationFleetArgs } from "../fleet/args.ts";
import { BaseFleet } from "../fleet/base-fleet.ts";
import { Organization } from "./generated/organization.ts";

export type { OrganizationFleetArgs, Tenant } from "../fleet/args.ts";

/**
 * One organization for each tenant of a list, which may be a file that somebody else keeps.
 *
 * All problems of the list are reported at once, by their lines, before any organization is declared. The resource of a
 * tenant is named after its external ID and nothing else, so it does not matter how the list is sorted.
 *
 * @example
 * ```ts
 * const customers = new OrganizationFleet("customers", { file: "tenants.csv" });
 * export const organizationIds = customers.ids; // { "CUST-12345-MGSFT": "org_…" }
 * ```
 */
export class OrganizationFleet extends BaseFleet<Organization> {
  /**
   * Declares an organization for each tenant.
   *
   * @param name the component's name in the stack
   * @param args the tenants, and what all of them share
   * @param opts Pulumi's own options; `protect` and `retainOnDelete` hold for each organization
   */
  constructor(name: string, args: OrganizationFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Organization, name, args, opts);
  }
}
