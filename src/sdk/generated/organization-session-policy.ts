// Written by `npm run sdk` from the definition of OrganizationSessionPolicy. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of the session policy of an organization. Left out = left alone; taken out of the program =
 * cleared at Scalekit.
 */
export interface OrganizationSessionPolicyArgs {
  /**
   * Scalekit's id of the organization whose users' sessions it is about, `org_…`. 1 to 32 characters: the id of an
   * organization, which looks like org_59615193906282635. A change replaces the resource.
   */
  organizationId: pulumi.Input<string>;
  /** Minutes after which a session ends, whatever is done in it. Whole number, 1 to 5256000. */
  absoluteSessionTimeout: pulumi.Input<number>;
  /**
   * Minutes without any activity after which a session ends before that. Without it there is no such limit. Whole
   * number, 1 to 5256000.
   */
  idleSessionTimeout?: pulumi.Input<number> | undefined;
}

/**
 * How long sessions of an organization's users last. Deleting it gives the organization the application's policy back.
 *
 * @example
 * ```ts
 * new OrganizationSessionPolicy("megasoft", {
 *   organizationId: megasoft.id,
 *   absoluteSessionTimeout: 12 * 60,
 *   idleSessionTimeout: 30,
 * });
 * ```
 */
export class OrganizationSessionPolicy extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:OrganizationSessionPolicy";

  /** Scalekit's id of the organization whose users' sessions it is about, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Minutes after which a session ends, whatever is done in it. */
  declare readonly absoluteSessionTimeout: pulumi.Output<number>;
  /** Minutes without any activity after which a session ends before that. Without it there is no such limit. */
  declare readonly idleSessionTimeout: pulumi.Output<number | undefined>;

  /**
   * Declares the session policy of an organization: `pulumi up` sets it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationSessionPolicyArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationSessionPolicy.__pulumiType, name, args, opts);
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
  ): OrganizationSessionPolicy {
    return new OrganizationSessionPolicy(name, {} as OrganizationSessionPolicyArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationSessionPolicy {
    return isResourceOf(OrganizationSessionPolicy.__pulumiType, value);
  }
}

/** Which one: that of the organization. */
export interface GetOrganizationSessionPolicyArgs {
  /** Scalekit's id of the organization whose users' sessions it is about, `org_…`. */
  readonly organizationId: string;
}

/** The same, with values that may not be known yet. */
export interface GetOrganizationSessionPolicyOutputArgs {
  /** Scalekit's id of the organization whose users' sessions it is about, `org_…`. */
  readonly organizationId: pulumi.Input<string>;
}

/** What Scalekit has of the session policy of an organization now. */
export interface GetOrganizationSessionPolicyResult {
  /** What Pulumi calls it by, `org_…`. */
  readonly id: string;
  /** Scalekit's id of the organization whose users' sessions it is about, `org_…`. */
  readonly organizationId: string;
  /** Minutes after which a session ends, whatever is done in it. */
  readonly absoluteSessionTimeout: number;
  /** Minutes without any activity after which a session ends before that. Without it there is no such limit. */
  readonly idleSessionTimeout?: number | undefined;
}

const lookUps = lookUpsOf<GetOrganizationSessionPolicyResult>(definitions.OrganizationSessionPolicy);

/**
 * Reads the session policy of an organization that exists, whoever manages it, in a preview too. Fails if the
 * organization has none of its own.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationSessionPolicy = (
  args: GetOrganizationSessionPolicyArgs,
): Promise<GetOrganizationSessionPolicyResult> => lookUps.get(args);

/**
 * {@link getOrganizationSessionPolicy} for values that may not be known yet. What is looked up by a secret is a secret.
 */
export const getOrganizationSessionPolicyOutput = (
  args: GetOrganizationSessionPolicyOutputArgs,
): pulumi.Output<GetOrganizationSessionPolicyResult> => lookUps.getOutput(args);
