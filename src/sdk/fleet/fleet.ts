import * as pulumi from "@pulumi/pulumi";
import { Organization, type OrganizationArgs } from "../generated/organization.ts";
import { demandNoPlainSecrets } from "../program-settings.ts";
import { tenantsOf } from "./tenants.ts";

/** One tenant of a fleet: an organization that is told from others by its external ID. */
export interface Tenant extends Omit<OrganizationArgs, "externalId"> {
  /** Unique in the environment, and known when the program runs: the resource is named after it. */
  externalId: string;
}

/** What holds for every tenant: any argument that is not one's own. A tenant's own wins, in metadata and features key by key. */
export type SharedArgs = Omit<OrganizationArgs, "displayName" | "externalId" | "slug">;

/** Where the tenants are listed, and what all of them share. */
export type OrganizationFleetArgs = SharedArgs & {
  /** What the resources were before they came into the fleet, by external ID, as in Pulumi's option of that name. */
  aliases?: Readonly<Record<string, pulumi.Input<pulumi.URN | pulumi.Alias>[]>> | undefined;
} & (
    | {
        /** A `.csv`, `.json`, `.yaml` or `.yml` file. A relative path begins at the program's working directory. */
        file: string;
        tenants?: undefined;
      }
    | {
        /** The tenants themselves. All but their external IDs may be outputs, and secret. */
        tenants: readonly Tenant[];
        file?: undefined;
      }
  );

/**
 * One organization for each tenant of a list, which may be a file that somebody else keeps.
 *
 * All that is wrong with the list is told at once, by its lines, before any organization is declared. The resource of a
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
    demandNoPlainSecrets();
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
