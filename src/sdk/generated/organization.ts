// Written by `npm run sdk` from the definition of Organization. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of an organization. Left out = left alone; taken out of the program = cleared at Scalekit.
 */
export interface OrganizationArgs {
  /** The name people see. 1 to 200 characters. */
  displayName: pulumi.Input<string>;
  /** Your application's own identifier for this customer. Unique in a Scalekit environment. 1 to 255 characters. */
  externalId?: pulumi.Input<string> | undefined;
  /**
   * The declared pairs are all the metadata, unless `metadataOwnership` says otherwise. At most 10 pairs; keys of 3 to
   * 25 characters, values of 1 to 256 characters.
   */
  metadata?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /**
   * The name in redirect URIs, where it takes the place of `{{slug}}`: lower-case letters, digits, hyphens and dots, as
   * in a host name. Unique in a Scalekit environment. 1 to 253 characters: lower-case letters, digits and hyphens, in
   * parts of at most 63 with a dot between them, as in acme or eu.acme.
   */
  slug?: pulumi.Input<string> | undefined;
  /** The address of the logo that people see. 1 to 1024 characters: a whole https:// URL. */
  logoUrl?: pulumi.Input<string> | undefined;
  /**
   * Which features the organization has, such as `{ sso: true }`. One that is not named is left alone; one that was
   * named and no longer is, is turned off.
   */
  features?: pulumi.Input<OrganizationFeatures> | undefined;
  /**
   * Whose the metadata is. `"all"`: what is declared is all there is, and any other key is drift. `"declared"`: only
   * the declared keys are this program's; other keys are left alone and not shown.
   *
   * @default "all"
   */
  metadataOwnership?: pulumi.Input<"all" | "declared"> | undefined;
  /**
   * Whether the provider refuses to delete the organization. In TypeScript the class sets Pulumi's `protect` too,
   * unless that option is given, so that a preview refuses it already. Deleting an organization deletes its connections
   * and directories with it.
   *
   * @default `scalekit:deletionProtection` of the stack's configuration, or SCALEKIT_DELETION_PROTECTION, or true
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /**
   * Whether one that exists with the same `externalId` is taken over, and brought to what is declared, where otherwise
   * the create would fail.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
}

/** Which of the features are on. One that is not named is left alone. */
export interface OrganizationFeatures {
  /** Single sign-on. */
  sso?: pulumi.Input<boolean> | undefined;
  /** Users and groups from a directory (SCIM). */
  dirSync?: pulumi.Input<boolean> | undefined;
  /** Verification of the domains that belong to it. */
  domainVerification?: pulumi.Input<boolean> | undefined;
  /** A session policy of the organization's own. */
  sessionPolicy?: pulumi.Input<boolean> | undefined;
}

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
export class Organization extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:Organization";

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

/** Which one: by the `id` that Pulumi has for it, or by `externalId`. Exactly one of the two. */
export type GetOrganizationArgs =
  | {
      /** What Pulumi calls it by, `org_…`. */
      readonly id: string;
      readonly externalId?: undefined;
    }
  | {
      /** Your application's own identifier for this customer. Unique in a Scalekit environment. */
      readonly externalId: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetOrganizationOutputArgs =
  | {
      /** What Pulumi calls it by, `org_…`. */
      readonly id: pulumi.Input<string>;
      readonly externalId?: undefined;
    }
  | {
      /** Your application's own identifier for this customer. Unique in a Scalekit environment. */
      readonly externalId: pulumi.Input<string>;
      readonly id?: undefined;
    };

/** What Scalekit has of an organization now. */
export interface GetOrganizationResult {
  /** What Pulumi calls it by, `org_…`. */
  readonly id: string;
  /** The name people see. */
  readonly displayName: string;
  /** Your application's own identifier for this customer. Unique in a Scalekit environment. */
  readonly externalId?: string | undefined;
  /** The declared pairs are all the metadata, unless `metadataOwnership` says otherwise. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The name in redirect URIs, where it takes the place of `{{slug}}`: lower-case letters, digits, hyphens and dots, as
   * in a host name. Unique in a Scalekit environment.
   */
  readonly slug?: string | undefined;
  /** The address of the logo that people see. */
  readonly logoUrl?: string | undefined;
  /**
   * Which features the organization has, such as `{ sso: true }`. One that is not named is left alone; one that was
   * named and no longer is, is turned off.
   */
  readonly features?: Readonly<Record<string, boolean>> | undefined;
  /** Where Scalekit keeps the organization, such as `US`. */
  readonly regionCode?: string | undefined;
  /** When Scalekit created the organization, as RFC 3339. */
  readonly createTime?: string | undefined;
  /** When the organization was last changed, as of the last `up` or `refresh`, as RFC 3339. */
  readonly updateTime?: string | undefined;
}

const lookUps = lookUpsOf<GetOrganizationResult>(definitions.Organization);

/**
 * Reads an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganization = (args: GetOrganizationArgs): Promise<GetOrganizationResult> => lookUps.get(args);

/** {@link getOrganization} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationOutput = (args: GetOrganizationOutputArgs): pulumi.Output<GetOrganizationResult> =>
  lookUps.getOutput(args);
