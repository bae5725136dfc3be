// Written by `npm run sdk` from the definition of OrganizationRole. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationRoleArgs,
  GetOrganizationRoleOutputArgs,
  GetOrganizationRoleResult,
  GetOrganizationRolesArgs,
  GetOrganizationRolesOutputArgs,
  OrganizationRoleArgs,
} from "../../generated/organization-role.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationRoleArgs,
  GetOrganizationRoleOutputArgs,
  GetOrganizationRoleResult,
  GetOrganizationRolesArgs,
  GetOrganizationRolesOutputArgs,
  OrganizationRoleArgs,
} from "../../generated/organization-role.ts";

/**
 * A role that users of one organization can have.
 *
 * @example
 * ```ts
 * new OrganizationRole("auditor", { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" });
 * ```
 */
export class OrganizationRole extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationRole";

  /** Scalekit's id of the organization that the role is in, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** What your application and its tokens call it, such as `billing_admin`. */
  declare readonly name: pulumi.Output<string>;
  /** The name people see. */
  declare readonly displayName: pulumi.Output<string>;
  /** What it is for, for people. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** The name of a role whose permissions it has too. */
  declare readonly extends: pulumi.Output<string | undefined>;
  /** The names of the permissions that it grants. The role grants these and no others. */
  declare readonly permissions: pulumi.Output<readonly string[] | undefined>;
  /** Scalekit's own id of the role. */
  declare readonly roleId: pulumi.Output<string | undefined>;
  /** Whether users who create an organization get it. */
  declare readonly defaultCreator: pulumi.Output<boolean>;
  /** Whether new members of an organization get it. */
  declare readonly defaultMember: pulumi.Output<boolean>;

  /**
   * Declares a role of an organization: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationRoleArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationRole.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…/NAME`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): OrganizationRole {
    return new OrganizationRole(name, {} as OrganizationRoleArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationRole {
    return isResourceOf(OrganizationRole.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetOrganizationRoleResult>("OrganizationRole");

/**
 * Reads a role of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationRole = (
  args: GetOrganizationRoleArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationRoleResult> => lookUps.get(args, opts);

/** {@link getOrganizationRole} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationRoleOutput = (
  args: GetOrganizationRoleOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationRoleResult> => lookUps.getOutput(args, opts);

/** Reads every role of an organization, in a preview too; none is no error. */
export const getOrganizationRoles = (
  args: GetOrganizationRolesArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationRoleResult[]> => lookUps.list(args, opts);

/** {@link getOrganizationRoles} for a value that may not be known yet. */
export const getOrganizationRolesOutput = (
  args: GetOrganizationRolesOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationRoleResult[]> => lookUps.listOutput(args, opts);
