// Written by `npm run sdk` from the definition of OrganizationUserManagement. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type { OrganizationUserManagementArgs } from "../../generated/organization-user-management.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type { OrganizationUserManagementArgs } from "../../generated/organization-user-management.ts";

/**
 * How many users an organization may have. Deleting it switches the limit off. No public endpoint tells what is set, so
 * a change by hand is not seen.
 *
 * @example
 * ```ts
 * new OrganizationUserManagement("megasoft", { organizationId: megasoft.id, maxAllowedUsers: 50 });
 * ```
 */
export class OrganizationUserManagement extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationUserManagement";

  /** Scalekit's id of the organization whose users it is about, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** How many users the organization may have; 0 is no limit. */
  declare readonly maxAllowedUsers: pulumi.Output<number>;

  /**
   * Declares the user management of an organization: `pulumi up` sets it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationUserManagementArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationUserManagement.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…`. The run fails if there is none.
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    opts?: pulumi.CustomResourceOptions,
  ): OrganizationUserManagement {
    return new OrganizationUserManagement(name, {} as OrganizationUserManagementArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationUserManagement {
    return isResourceOf(OrganizationUserManagement.__pulumiType, value);
  }
}
