// Written by `npm run sdk` from the definition of Organization. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationArgs,
  GetOrganizationOutputArgs,
  GetOrganizationResult,
  OrganizationArgs,
} from "../../generated/organization.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationArgs,
  GetOrganizationOutputArgs,
  GetOrganizationResult,
  OrganizationArgs,
  OrganizationFeatures,
} from "../../generated/organization.ts";

/**
 * A customer's organization in a Scalekit environment.
 *
 * Every argument is changed in place. Limits are checked at preview, and lengths count Unicode code points.
 *
 * @example
 * ```ts
 * const megasoft = new Organization("megasoft", {
 *   displayName: "Megasoft Inc",
 *   externalId: "CUST-12345-MGSFT",
 *   metadata: { tier: "gold" },
 * });
 * export const organizationId = megasoft.id; // org_…
 * ```
 */
export class Organization extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:Organization";

  /** The name people see. */
  declare readonly displayName: pulumi.Output<string>;
  /** Your application's own identifier for this customer. Unique in a Scalekit environment. */
  declare readonly externalId: pulumi.Output<string | undefined>;
  /** The declared pairs are all the metadata, unless `metadataOwnership` says otherwise. */
  declare readonly metadata: pulumi.Output<Record<string, string> | undefined>;
  /**
   * The name in redirect URIs, where it takes the place of `{{slug}}`: lower-case letters, digits, hyphens and dots, as
   * in a host name. Unique in a Scalekit environment.
   */
  declare readonly slug: pulumi.Output<string | undefined>;
  /** The address of the logo that people see. */
  declare readonly logoUrl: pulumi.Output<string | undefined>;
  /**
   * Which features the organization has, such as `{ sso: true }`. One that is not named is left alone; one that was
   * named and no longer is, is turned off.
   */
  declare readonly features: pulumi.Output<Record<string, boolean> | undefined>;
  /** Where Scalekit keeps the organization, such as `US`. */
  declare readonly regionCode: pulumi.Output<string | undefined>;
  /** When Scalekit created the organization, as RFC 3339. */
  declare readonly createTime: pulumi.Output<string | undefined>;
  /** When the organization was last changed, as of the last `up` or `refresh`, as RFC 3339. */
  declare readonly updateTime: pulumi.Output<string | undefined>;

  /**
   * Declares an organization: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationArgs, opts?: pulumi.CustomResourceOptions) {
    super(Organization.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Organization {
    return new Organization(name, {} as OrganizationArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is Organization {
    return isResourceOf(Organization.__pulumiType, value);
  }
}

const lookUps = nativeLookUpsOf<GetOrganizationResult>("Organization");

/**
 * Reads an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganization = (
  args: GetOrganizationArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationResult> => lookUps.get(args, opts);

/** {@link getOrganization} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationOutput = (
  args: GetOrganizationOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationResult> => lookUps.getOutput(args, opts);
