// Written by `npm run sdk` from the definition of OrganizationRole. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of a role of an organization. Left out = left alone; taken out of the program = cleared at
 * Scalekit.
 */
export interface OrganizationRoleArgs {
  /**
   * Scalekit's id of the organization that the role is in, `org_…`. 1 to 32 characters: the id of an organization,
   * which looks like org_59615193906282635. A change replaces the resource.
   */
  organizationId: pulumi.Input<string>;
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
   * Whether one that exists with the same `organizationId` and `name` is taken over, and brought to what is declared,
   * where otherwise the create would fail.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A role that users of one organization can have.
 *
 * @example
 * ```ts
 * new OrganizationRole("auditor", { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" });
 * ```
 */
export class OrganizationRole extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:OrganizationRole";

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

/** Which one: by the `id` that Pulumi has for it, or by `organizationId` and `name`. Exactly one of the two. */
export type GetOrganizationRoleArgs =
  | {
      /** What Pulumi calls it by, `org_…/NAME`. */
      readonly id: string;
      readonly organizationId?: undefined;
      readonly name?: undefined;
    }
  | {
      /** Scalekit's id of the organization that the role is in, `org_…`. */
      readonly organizationId: string;
      /** What your application and its tokens call it, such as `billing_admin`. */
      readonly name: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetOrganizationRoleOutputArgs =
  | {
      /** What Pulumi calls it by, `org_…/NAME`. */
      readonly id: pulumi.Input<string>;
      readonly organizationId?: undefined;
      readonly name?: undefined;
    }
  | {
      /** Scalekit's id of the organization that the role is in, `org_…`. */
      readonly organizationId: pulumi.Input<string>;
      /** What your application and its tokens call it, such as `billing_admin`. */
      readonly name: pulumi.Input<string>;
      readonly id?: undefined;
    };

/** What Scalekit has of a role of an organization now. */
export interface GetOrganizationRoleResult {
  /** What Pulumi calls it by, `org_…/NAME`. */
  readonly id: string;
  /** Scalekit's id of the organization that the role is in, `org_…`. */
  readonly organizationId: string;
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

const lookUps = lookUpsOf<GetOrganizationRoleResult>(definitions.OrganizationRole);

/**
 * Reads a role of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationRole = (args: GetOrganizationRoleArgs): Promise<GetOrganizationRoleResult> =>
  lookUps.get(args);

/** {@link getOrganizationRole} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationRoleOutput = (
  args: GetOrganizationRoleOutputArgs,
): pulumi.Output<GetOrganizationRoleResult> => lookUps.getOutput(args);

/** Whose. */
export interface GetOrganizationRolesArgs {
  /** Scalekit's id of the organization that the role is in, `org_…`. */
  readonly organizationId: string;
}

/** The same, with a value that may not be known yet. */
export interface GetOrganizationRolesOutputArgs {
  /** Scalekit's id of the organization that the role is in, `org_…`. */
  readonly organizationId: pulumi.Input<string>;
}

/** Reads every role of an organization, in a preview too; none is no error. */
export const getOrganizationRoles = (args: GetOrganizationRolesArgs): Promise<GetOrganizationRoleResult[]> =>
  lookUps.list(args);

/** {@link getOrganizationRoles} for a value that may not be known yet. */
export const getOrganizationRolesOutput = (
  args: GetOrganizationRolesOutputArgs,
): pulumi.Output<GetOrganizationRoleResult[]> => lookUps.listOutput(args);
