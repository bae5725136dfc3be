// Written by `npm run sdk` from the definition of Permission. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetPermissionArgs,
  GetPermissionOutputArgs,
  GetPermissionResult,
  PermissionArgs,
} from "../../generated/permission.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetPermissionArgs,
  GetPermissionOutputArgs,
  GetPermissionResult,
  PermissionArgs,
} from "../../generated/permission.ts";

/**
 * Something that a user may do, to be granted by roles.
 *
 * @example
 * ```ts
 * const write = new Permission("write-invoices", { name: "invoices:write", description: "Write and send invoices" });
 * ```
 */
export class Permission extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:Permission";

  /** What your application and its tokens call it, such as `invoices:write`. Unique in an environment. */
  declare readonly name: pulumi.Output<string>;
  /** What it allows, for people. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Scalekit's own id of the permission. */
  declare readonly permissionId: pulumi.Output<string | undefined>;
  /** Whether it is one of Scalekit's own, which every environment has. */
  declare readonly isScalekitPermission: pulumi.Output<boolean>;
  /** When Scalekit created the permission, as RFC 3339. */
  declare readonly createTime: pulumi.Output<string | undefined>;
  /** When it was last changed, as of the last `up` or `refresh`. */
  declare readonly updateTime: pulumi.Output<string | undefined>;

  /**
   * Declares a permission: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: PermissionArgs, opts?: pulumi.CustomResourceOptions) {
    super(Permission.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `NAME`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Permission {
    return new Permission(name, {} as PermissionArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is Permission {
    return isResourceOf(Permission.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetPermissionResult>("Permission");

/**
 * Reads a permission that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getPermission = (args: GetPermissionArgs, opts?: pulumi.InvokeOptions): Promise<GetPermissionResult> =>
  lookUps.get(args, opts);

/** {@link getPermission} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getPermissionOutput = (
  args: GetPermissionOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetPermissionResult> => lookUps.getOutput(args, opts);

/**
 * Reads every permission of the environment, also those that every environment has, in a preview too; none is no error.
 */
export const getPermissions = (opts?: pulumi.InvokeOptions): Promise<GetPermissionResult[]> => lookUps.list({}, opts);

/** {@link getPermissions} as an output. */
export const getPermissionsOutput = (opts?: pulumi.InvokeOptions): pulumi.Output<GetPermissionResult[]> =>
  lookUps.listOutput({}, opts);
