import * as pulumi from "@pulumi/pulumi";
import { Organization } from "../generated/organization.ts";
import { requireNoPlainSecrets } from "../program-settings.ts";
import type { OrganizationFleetArgs } from "./args.ts";
import { tenantsOf } from "./tenants.ts";

export type { OrganizationFleetArgs, Tenant } from "./args.ts";

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
export class OrganizationFleet extends pulumi.ComponentResource {
  /** The type in URNs and state. */
  static readonly __pulumiType = "scalekit:index:OrganizationFleet";

  /** The organizations, by external ID. */
  readonly organizations: Readonly<Record<string, Organization>>;
  /** Scalekit's ids, by external ID. */
  readonly ids: pulumi.Output<Record<string, pulumi.ID>>;

  /**
   * Declares an organization for each tenant.
   *
   * @param name the component's name in the stack
   * @param args the tenants, and what all of them share
   * @param opts Pulumi's own options; `protect` and `retainOnDelete` hold for each organization
   */
  constructor(name: string, args: OrganizationFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    requireNoPlainSecrets();
    const tenants = tenantsOf(name, args);
    super(OrganizationFleet.__pulumiType, name, {}, opts);
    // An organization would protect itself, whatever its parent says.
    const protect = opts?.protect === undefined ? {} : { protect: opts.protect };
    const former = new Map(Object.entries(args.aliases ?? {}));
    const made = tenants.map((tenant) => {
      const { externalId } = tenant;
      const aliases = former.get(externalId) ?? [];
      const resource = OrganizationFleet.resourceName(externalId);
      return [externalId, new Organization(resource, tenant, { parent: this, aliases, ...protect })] as const;
    });
    this.organizations = Object.fromEntries(made);
    this.ids = pulumi
      .all(made.map(([externalId, { id }]) => id.apply((known) => [externalId, known] as const)))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ ids: this.ids });
  }

  /**
   * The name of a tenant's resource: the external ID, in which all but letters, digits and `-._~` are percent-encoded.
   * So two external IDs never share one, and none is mistaken for a separator in a URN.
   */
  static resourceName(externalId: string): string {
    return externalId.replaceAll(/[^\p{L}\p{N}._~-]/gu, percentEncoded);
  }
}

const percentEncoded = (character: string): string =>
  Buffer.from(character).toString("hex").toUpperCase().replaceAll(/../g, "%$&");
