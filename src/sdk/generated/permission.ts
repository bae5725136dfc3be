// Written by `npm run sdk` from the definition of Permission. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/** What a program declares of a permission. Left out = left alone; taken out of the program = cleared at Scalekit. */
export interface PermissionArgs {
  /**
   * What your application and its tokens call it, such as `invoices:write`. Unique in an environment. 1 to 64
   * characters: letters, digits, underscores and colons. A change replaces the resource.
   */
  name: pulumi.Input<string>;
  /** What it allows, for people. At most 2000 characters. */
  description?: pulumi.Input<string> | undefined;
  /**
   * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets
   * Pulumi's `protect` too, unless that option is given, so that a preview refuses it already.
   *
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /**
   * Whether one that exists with the same `name` is taken over, and brought to what is declared, where otherwise the
   * create would fail.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * Something that a user may do, to be granted by roles.
 *
 * @example
 * ```ts
 * const write = new Permission("write-invoices", { name: "invoices:write", description: "Write and send invoices" });
 * ```
 */
export class Permission extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:Permission";

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

/** Which one: by the `id` that Pulumi has for it, or by `name`. Exactly one of the two. */
export type GetPermissionArgs =
  | {
      /** What Pulumi calls it by, `NAME`. */
      readonly id: string;
      readonly name?: undefined;
    }
  | {
      /** What your application and its tokens call it, such as `invoices:write`. Unique in an environment. */
      readonly name: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetPermissionOutputArgs =
  | {
      /** What Pulumi calls it by, `NAME`. */
      readonly id: pulumi.Input<string>;
      readonly name?: undefined;
    }
  | {
      /** What your application and its tokens call it, such as `invoices:write`. Unique in an environment. */
      readonly name: pulumi.Input<string>;
      readonly id?: undefined;
    };

/** What Scalekit has of a permission now. */
export interface GetPermissionResult {
  /** What Pulumi calls it by, `NAME`. */
  readonly id: string;
  /** What your application and its tokens call it, such as `invoices:write`. Unique in an environment. */
  readonly name: string;
  /** What it allows, for people. */
  readonly description?: string | undefined;
  /** Scalekit's own id of the permission. */
  readonly permissionId?: string | undefined;
  /** Whether it is one of Scalekit's own, which every environment has. */
  readonly isScalekitPermission: boolean;
  /** When Scalekit created the permission, as RFC 3339. */
  readonly createTime?: string | undefined;
  /** When it was last changed, as of the last `up` or `refresh`. */
  readonly updateTime?: string | undefined;
}

const lookUps = lookUpsOf<GetPermissionResult>(definitions.Permission);

/**
 * Reads a permission that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getPermission = (args: GetPermissionArgs): Promise<GetPermissionResult> => lookUps.get(args);

/** {@link getPermission} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getPermissionOutput = (args: GetPermissionOutputArgs): pulumi.Output<GetPermissionResult> =>
  lookUps.getOutput(args);

/**
 * Reads every permission of the environment, also those that every environment has, in a preview too; none is no error.
 */
export const getPermissions = (): Promise<GetPermissionResult[]> => lookUps.list();

/** {@link getPermissions} as an output. */
export const getPermissionsOutput = (): pulumi.Output<GetPermissionResult[]> => lookUps.listOutput();
