// Written by `npm run sdk` from the definition of OrganizationUserManagement. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of the user management of an organization. Left out = left alone; taken out of the program =
 * cleared at Scalekit.
 */
export interface OrganizationUserManagementArgs {
  /**
   * Scalekit's id of the organization whose users it is about, `org_…`. 1 to 32 characters: the id of an organization,
   * which looks like org_59615193906282635. A change replaces the resource.
   */
  organizationId: pulumi.Input<string>;
  /** How many users the organization may have; 0 is no limit. Whole number, 0 to 2147483647. */
  maxAllowedUsers: pulumi.Input<number>;
}

/**
 * How many users an organization may have. Deleting it switches the limit off. No public endpoint tells what is set, so
 * a change by hand is not seen.
 *
 * @example
 * ```ts
 * new OrganizationUserManagement("megasoft", { organizationId: megasoft.id, maxAllowedUsers: 50 });
 * ```
 */
export class OrganizationUserManagement extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:OrganizationUserManagement";

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
