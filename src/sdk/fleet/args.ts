import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationArgs } from "../generated/organization.ts";

/** One tenant of a fleet: an organization, identified by its external ID. */
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
