// Written by `npm run sdk` from the definition of OrganizationSessionPolicy. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationSessionPolicyArgs,
  GetOrganizationSessionPolicyOutputArgs,
  GetOrganizationSessionPolicyResult,
  OrganizationSessionPolicyArgs,
} from "../../generated/organization-session-policy.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationSessionPolicyArgs,
  GetOrganizationSessionPolicyOutputArgs,
  GetOrganizationSessionPolicyResult,
  OrganizationSessionPolicyArgs,
} from "../../generated/organization-session-policy.ts";

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
export class OrganizationSessionPolicy extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationSessionPolicy";

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

const lookUps = nativeLookUpsOf<GetOrganizationSessionPolicyResult>("OrganizationSessionPolicy");

/**
 * Reads the session policy of an organization that exists, whoever manages it, in a preview too. Fails if the
 * organization has none of its own.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationSessionPolicy = (
  args: GetOrganizationSessionPolicyArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationSessionPolicyResult> => lookUps.get(args, opts);

/**
 * {@link getOrganizationSessionPolicy} for values that may not be known yet. What is looked up by a secret is a secret.
 */
export const getOrganizationSessionPolicyOutput = (
  args: GetOrganizationSessionPolicyOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationSessionPolicyResult> => lookUps.getOutput(args, opts);
