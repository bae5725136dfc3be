// Written by `npm run sdk` from the definition of OrganizationDomain. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../../definitions/index.ts";
import { lookUpsOf } from "../lookups/look-ups.ts";
import { isResourceOf, ScalekitResource } from "../resource-class.ts";

/**
 * What a program declares of a domain of an organization. Left out = left alone; taken out of the program = cleared at
 * Scalekit.
 */
export interface OrganizationDomainArgs {
  /**
   * Scalekit's id of the organization that has the domain, `org_…`. 1 to 32 characters: the id of an organization,
   * which looks like org_59615193906282635. A change replaces the resource.
   */
  organizationId: pulumi.Input<string>;
  /**
   * Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. 4 to 255 characters: a domain
   * name in lower case, such as megasoft.com. A change replaces the resource.
   */
  domain: pulumi.Input<string>;
  /**
   * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
   * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in. A change replaces the resource.
   */
  domainType: pulumi.Input<"ORGANIZATION_DOMAIN" | "ALLOWED_EMAIL_DOMAIN">;
  /**
   * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets
   * Pulumi's `protect` too, unless that option is given, so that a preview refuses it already.
   *
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean> | undefined;
  /**
   * Whether one that exists with the same `organizationId`, `domain` and `domainType` is taken over, and brought to
   * what is declared, where otherwise the create would fail.
   *
   * @default false
   */
  adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A mail domain of an organization. Every change makes another one of it.
 *
 * @example
 * ```ts
 * new OrganizationDomain("megasoft.com", {
 *   organizationId: megasoft.id,
 *   domain: "megasoft.com",
 *   domainType: "ORGANIZATION_DOMAIN",
 * });
 * ```
 */
export class OrganizationDomain extends ScalekitResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/scalekit:OrganizationDomain";

  /** Scalekit's id of the organization that has the domain, `org_…`. */
  declare readonly organizationId: pulumi.Output<string>;
  /** Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. */
  declare readonly domain: pulumi.Output<string>;
  /**
   * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
   * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in.
   */
  declare readonly domainType: pulumi.Output<"ORGANIZATION_DOMAIN" | "ALLOWED_EMAIL_DOMAIN">;
  /** Scalekit's own id of the domain. */
  declare readonly domainId: pulumi.Output<string>;
  /** `PENDING`, `VERIFIED`, `AUTO_VERIFIED` or `FAILED`, as of the last `up` or `refresh`. */
  declare readonly verificationStatus: pulumi.Output<string | undefined>;
  /** `DNS`, `ADMIN` or `NOT_APPLICABLE`. */
  declare readonly verificationMethod: pulumi.Output<string | undefined>;
  /** The name of the TXT record that proves the domain, where Scalekit waits for one and tells it. */
  declare readonly txtRecordKey: pulumi.Output<string | undefined>;
  /** The value of that record. */
  declare readonly txtRecordSecret: pulumi.Output<string | undefined>;
  /** When Scalekit created it, as RFC 3339. */
  declare readonly createTime: pulumi.Output<string | undefined>;
  /** When it was last changed, as of the last `up` or `refresh`. */
  declare readonly updateTime: pulumi.Output<string | undefined>;

  /**
   * Declares a domain of an organization: `pulumi up` creates it, and from then on keeps it as declared.
   *
   * @param name the resource's name in the stack, unique there; renaming it needs an `aliases` option
   * @param args what is declared of it
   * @param opts Pulumi's own options, such as `protect` and `retainOnDelete`
   */
  constructor(name: string, args: OrganizationDomainArgs, opts?: pulumi.CustomResourceOptions) {
    super(OrganizationDomain.__pulumiType, name, args, opts);
  }

  /**
   * Reads one that exists and is not managed by this stack. It is never changed nor deleted from here.
   *
   * @param id what Pulumi calls it by, `org_…/DOMAIN_ID`. The run fails if there is none.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): OrganizationDomain {
    return new OrganizationDomain(name, {} as OrganizationDomainArgs, { ...opts, id });
  }

  /** Whether `value` is of this class, also of another copy of this package. */
  static override isInstance(value: unknown): value is OrganizationDomain {
    return isResourceOf(OrganizationDomain.__pulumiType, value);
  }
}

/**
 * Which one: by the `id` that Pulumi has for it, or by `organizationId`, `domain` and `domainType`. Exactly one of the
 * two.
 */
export type GetOrganizationDomainArgs =
  | {
      /** What Pulumi calls it by, `org_…/DOMAIN_ID`. */
      readonly id: string;
      readonly organizationId?: undefined;
      readonly domain?: undefined;
      readonly domainType?: undefined;
    }
  | {
      /** Scalekit's id of the organization that has the domain, `org_…`. */
      readonly organizationId: string;
      /** Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. */
      readonly domain: string;
      /**
       * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
       * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in.
       */
      readonly domainType: string;
      readonly id?: undefined;
    };

/** The same, with values that may not be known yet. */
export type GetOrganizationDomainOutputArgs =
  | {
      /** What Pulumi calls it by, `org_…/DOMAIN_ID`. */
      readonly id: pulumi.Input<string>;
      readonly organizationId?: undefined;
      readonly domain?: undefined;
      readonly domainType?: undefined;
    }
  | {
      /** Scalekit's id of the organization that has the domain, `org_…`. */
      readonly organizationId: pulumi.Input<string>;
      /** Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. */
      readonly domain: pulumi.Input<string>;
      /**
       * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
       * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in.
       */
      readonly domainType: pulumi.Input<string>;
      readonly id?: undefined;
    };

/** What Scalekit has of a domain of an organization now. */
export interface GetOrganizationDomainResult {
  /** What Pulumi calls it by, `org_…/DOMAIN_ID`. */
  readonly id: string;
  /** Scalekit's id of the organization that has the domain, `org_…`. */
  readonly organizationId: string;
  /** Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. */
  readonly domain: string;
  /**
   * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
   * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in.
   */
  readonly domainType: "ORGANIZATION_DOMAIN" | "ALLOWED_EMAIL_DOMAIN";
  /** Scalekit's own id of the domain. */
  readonly domainId: string;
  /** `PENDING`, `VERIFIED`, `AUTO_VERIFIED` or `FAILED`, as of the last `up` or `refresh`. */
  readonly verificationStatus?: string | undefined;
  /** `DNS`, `ADMIN` or `NOT_APPLICABLE`. */
  readonly verificationMethod?: string | undefined;
  /** The name of the TXT record that proves the domain, where Scalekit waits for one and tells it. */
  readonly txtRecordKey?: string | undefined;
  /** The value of that record. */
  readonly txtRecordSecret?: string | undefined;
  /** When Scalekit created it, as RFC 3339. */
  readonly createTime?: string | undefined;
  /** When it was last changed, as of the last `up` or `refresh`. */
  readonly updateTime?: string | undefined;
}

const lookUps = lookUpsOf<GetOrganizationDomainResult>(definitions.OrganizationDomain);

/**
 * Reads a domain of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationDomain = (args: GetOrganizationDomainArgs): Promise<GetOrganizationDomainResult> =>
  lookUps.get(args);

/** {@link getOrganizationDomain} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationDomainOutput = (
  args: GetOrganizationDomainOutputArgs,
): pulumi.Output<GetOrganizationDomainResult> => lookUps.getOutput(args);

/** Whose. */
export interface GetOrganizationDomainsArgs {
  /** Scalekit's id of the organization that has the domain, `org_…`. */
  readonly organizationId: string;
}

/** The same, with a value that may not be known yet. */
export interface GetOrganizationDomainsOutputArgs {
  /** Scalekit's id of the organization that has the domain, `org_…`. */
  readonly organizationId: pulumi.Input<string>;
}

/** Reads every domain of an organization, in a preview too; none is no error. */
export const getOrganizationDomains = (args: GetOrganizationDomainsArgs): Promise<GetOrganizationDomainResult[]> =>
  lookUps.list(args);

/** {@link getOrganizationDomains} for a value that may not be known yet. */
export const getOrganizationDomainsOutput = (
  args: GetOrganizationDomainsOutputArgs,
): pulumi.Output<GetOrganizationDomainResult[]> => lookUps.listOutput(args);
