// Written by `npm run sdk` from the definition of Role. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/** What a program declares of a role. Left out = left alone; taken out of the program = cleared at Scalekit. */
export interface RoleArgs {
  /**
   * What your application and its tokens call it, such as `billing_admin`. 1 to 64 characters: letters, digits and
   * underscores. A change replaces the resource.
   */
  name: pulumi.Input<string>;
  /** The name people see. 1 to 100 characters. */
  displayName: pulumi.Input<string>;
  /**
   * What it is for, for people. At most 2000 characters. Once declared, it cannot be removed: Scalekit does not clear
   * it.
   */
  description?: pulumi.Input<string> | undefined;
  /**
   * The name of a role whose permissions it has too. 1 to 64 characters: letters, digits and underscores. Once
   * declared, it cannot be removed: Scalekit does not clear it.
   */
  extends?: pulumi.Input<string> | undefined;
  /**
   * The names of the permissions that it grants. The role grants these and no others. At most 100, each 1 to 64
   * characters: letters, digits, underscores and colons.
   */
  permissions?: pulumi.Input<readonly pulumi.Input<string>[]> | undefined;
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
 * A role that users of every organization can have.
 *
 * @example
 * ```ts
 * new Role("billing-admin", { name: "billing_admin", displayName: "Billing", permissions: [write.name] });
 * ```
 */
export class Role extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:Role";

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

/** Which one: by the `id` that Pulumi has for it, or by `name`. Exactly one of the two. */
export type GetRoleArgs =
  | {
      /** What Pulumi calls it by, `NAME`. */
      readonly id: string;
      readonly name?: undefined;
    }
  | {
      /** What your application and its tokens call it, such as `billing_admin`. */
      readonly name: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetRoleOutputArgs =
  | {
      /** What Pulumi calls it by, `NAME`. */
      readonly id: pulumi.Input<string>;
      readonly name?: undefined;
    }
  | {
      /** What your application and its tokens call it, such as `billing_admin`. */
      readonly name: pulumi.Input<string>;
      readonly id?: undefined;
    };

/** What Scalekit has of a role now. */
export interface GetRoleResult {
  /** What Pulumi calls it by, `NAME`. */
  readonly id: string;
  /** What your application and its tokens call it, such as `billing_admin`. */
  readonly name: string;
  /** The name people see. */
  readonly displayName: string;
  /** What it is for, for people. */
  readonly description?: string | undefined;
  /** The name of a role whose permissions it has too. */
  readonly extends?: string | undefined;
  /** The names of the permissions that it grants. The role grants these and no others. */
  readonly permissions?: readonly string[] | undefined;
  /** Scalekit's own id of the role. */
  readonly roleId?: string | undefined;
  /** Whether users who create an organization get it. */
  readonly defaultCreator: boolean;
  /** Whether new members of an organization get it. */
  readonly defaultMember: boolean;
}

const lookUps = lookUpsOf<GetRoleResult>(definitions.Role);

/**
 * Reads a role that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getRole = (args: GetRoleArgs): Promise<GetRoleResult> => lookUps.get(args);

/** {@link getRole} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getRoleOutput = (args: GetRoleOutputArgs): pulumi.Output<GetRoleResult> => lookUps.getOutput(args);

/** Reads every role of the environment, also those that every environment has, in a preview too; none is no error. */
export const getRoles = (): Promise<GetRoleResult[]> => lookUps.list();

/** {@link getRoles} as an output. */
export const getRolesOutput = (): pulumi.Output<GetRoleResult[]> => lookUps.listOutput();
