import type * as pulumi from "@pulumi/pulumi";
import type { SharedArgs, Tenant } from "../fleet/args.ts";

/** One tenant of a set: an organization, recognized by its external ID. */
export interface SetTenant extends Tenant {
  /**
   * The external ID that the organization had before, where it gets another one. It counts in the first run that sees it, and may
   * stay after that. Without it, another external ID means another organization.
   */
  formerExternalId?: string | undefined;
}

/** Where the tenants are listed, and what all of them share. */
export type OrganizationSetArgs = SharedArgs &
  (
    | {
        /** A `.csv`, `.json`, `.yaml` or `.yml` file. A relative path begins at the program's working directory. */
        file: string;
        tenants?: undefined;
      }
    | {
        /** The tenants themselves. All but their external IDs may be outputs, and secret. */
        tenants: readonly SetTenant[];
        file?: undefined;
      }
  );

/** What both providers register of a set. */
export interface SetInputs {
  readonly tenants: pulumi.Input<string>;
  readonly adopt?: pulumi.Input<boolean> | undefined;
  readonly metadataOwnership?: pulumi.Input<string> | undefined;
  readonly deletionProtection?: pulumi.Input<boolean> | undefined;
}
