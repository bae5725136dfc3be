import * as pulumi from "@pulumi/pulumi";
import type { OrganizationArgs } from "../generated/organization.ts";
import { requireNoPlainSecrets } from "../program-settings.ts";
import type { OrganizationFleetArgs } from "./args.ts";
import { resourceName } from "./resource-name.ts";
import { tenantsOf } from "./tenants.ts";

/** What the fleets of all providers are. */
export abstract class BaseFleet<Organization extends pulumi.CustomResource> extends pulumi.ComponentResource {
  /** The type in URNs and state. */
  static readonly __pulumiType = "scalekit:index:OrganizationFleet";

  /** The organizations, by external ID. */
  readonly organizations: Readonly<Record<string, Organization>>;
  /** Scalekit's ids, by external ID. */
  readonly ids: pulumi.Output<Record<string, pulumi.ID>>;

  /** @param Organization the class of its organizations */
  constructor(
    Organization: new (name: string, args: OrganizationArgs, opts: pulumi.CustomResourceOptions) => Organization,
    name: string,
    args: OrganizationFleetArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    requireNoPlainSecrets();
    const tenants = tenantsOf(name, args);
    super(BaseFleet.__pulumiType, name, {}, opts);
    // An organization would protect itself, whatever its parent says.
    const protect = opts?.protect === undefined ? {} : { protect: opts.protect };
    const former = new Map(Object.entries(args.aliases ?? {}));
    const made = tenants.map((tenant) => {
      const { externalId } = tenant;
      const aliases = former.get(externalId) ?? [];
      const resource = resourceName(externalId);
      return [externalId, new Organization(resource, tenant, { parent: this, aliases, ...protect })] as const;
    });
    this.organizations = Object.fromEntries(made);
    this.ids = pulumi
      .all(made.map(([externalId, { id }]) => id.apply((known) => [externalId, known] as const)))
      .apply((pairs) => Object.fromEntries(pairs));
    this.registerOutputs({ ids: this.ids });
  }

  /** The name of a tenant's resource. */
  static resourceName(externalId: string): string {
    return resourceName(externalId);
  }
}
