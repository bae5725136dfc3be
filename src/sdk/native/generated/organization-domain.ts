// Written by `npm run sdk` from the definition of OrganizationDomain. Change that, and run it again.
import type * as pulumi from "@pulumi/pulumi";
import type {
  GetOrganizationDomainArgs,
  GetOrganizationDomainOutputArgs,
  GetOrganizationDomainResult,
  GetOrganizationDomainsArgs,
  GetOrganizationDomainsOutputArgs,
  OrganizationDomainArgs,
} from "../../generated/organization-domain.ts";
import { nativeLookUpsOf } from "../../lookups/native-look-ups.ts";
import { NativeResource } from "../../native-resource.ts";
import { isResourceOf } from "../../resource-class.ts";

export type {
  GetOrganizationDomainArgs,
  GetOrganizationDomainOutputArgs,
  GetOrganizationDomainResult,
  GetOrganizationDomainsArgs,
  GetOrganizationDomainsOutputArgs,
  OrganizationDomainArgs,
} from "../../generated/organization-domain.ts";

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
export class OrganizationDomain extends NativeResource {
  /** The type in URNs and state, and what typed policies match by. */
  static readonly __pulumiType = "scalekit:index:OrganizationDomain";

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

const lookUps = nativeLookUpsOf<GetOrganizationDomainResult>("OrganizationDomain");

/**
 * Reads a domain of an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 */
export const getOrganizationDomain = (
  args: GetOrganizationDomainArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationDomainResult> => lookUps.get(args, opts);

/** {@link getOrganizationDomain} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationDomainOutput = (
  args: GetOrganizationDomainOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationDomainResult> => lookUps.getOutput(args, opts);

/** Reads every domain of an organization, in a preview too; none is no error. */
export const getOrganizationDomains = (
  args: GetOrganizationDomainsArgs,
  opts?: pulumi.InvokeOptions,
): Promise<GetOrganizationDomainResult[]> => lookUps.list(args, opts);

/** {@link getOrganizationDomains} for a value that may not be known yet. */
export const getOrganizationDomainsOutput = (
  args: GetOrganizationDomainsOutputArgs,
  opts?: pulumi.InvokeOptions,
): pulumi.Output<GetOrganizationDomainResult[]> => lookUps.listOutput(args, opts);
