// Written by `npm run sdk` from the definition of Role. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type { GetRoleArgs, GetRoleOutputArgs, GetRoleResult, RoleArgs } from "../../generated/role.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type { GetRoleArgs, GetRoleOutputArgs, GetRoleResult, RoleArgs } from "../../generated/role.ts";

/**
 * A role that users of every organization can have.
 *
 * @example
 * ```ts
 * new Role("billing-admin", { name: "billing_admin", displayName: "Billing", permissions: [write.name] });
 * ```
 */
export class Role extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:Role";

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
   * Declares a role: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: RoleArgs, opts?: pulumi.CustomResourceOptions) {
    super(Role.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `NAME`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Role {
    return new Role(name, {} as RoleArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is Role {
    return isResourceOf(Role.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetRoleResult>("Role");

/**
 * Reads a role that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getRole = (args: GetRoleArgs, opts?: pulumi.InvokeOptions): Promise<GetRoleResult> =>
  lookUps.get(args, opts);

/** {@link getRole} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getRoleOutput = (args: GetRoleOutputArgs, opts?: pulumi.InvokeOptions): pulumi.Output<GetRoleResult> =>
  lookUps.getOutput(args, opts);

/** Reads every role of the environment, also those that every environment has, in a preview too; none is no error. */
export const getRoles = (opts?: pulumi.InvokeOptions): Promise<GetRoleResult[]> => lookUps.list({}, opts);

/** {@link getRoles} as an output. */
export const getRolesOutput = (opts?: pulumi.InvokeOptions): pulumi.Output<GetRoleResult[]> =>
  lookUps.listOutput({}, opts);
