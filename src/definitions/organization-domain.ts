import { define } from "./definition.ts";
import { deletionProtection } from "./deletion-protection.ts";
import { choice, required, text } from "./field.ts";
import { organizationId } from "./organization-id.ts";

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
export const organizationDomain = define({
  name: "OrganizationDomain",
  noun: "domain of the organization",
  plural: "domains",
  needs: ["organizations:read", "organizations:write"],
  fields: {
    /** Scalekit's id of the organization that has the domain, `org_…`. */
    organizationId,
    /** Such as `megasoft.com`. Public and disposable mail domains are refused by Scalekit. */
    domain: required(
      text({
        min: 4,
        max: 255,
        pattern: [
          /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
          "a domain name in lower case, such as megasoft.com",
        ],
        replaces: true,
      }),
    ),
    /**
     * What it is for: `"ORGANIZATION_DOMAIN"` sends users of the domain to the organization's single sign-on,
     * `"ALLOWED_EMAIL_DOMAIN"` offers them the organization when they sign in.
     */
    domainType: required(choice({ of: ["ORGANIZATION_DOMAIN", "ALLOWED_EMAIL_DOMAIN"], replaces: true })),
    /**
     * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets Pulumi's
     * `protect` too, unless that option is given, so that a preview refuses it already.
     *
     * @default false
     */
    deletionProtection,
  },
  outputs: {
    /** Scalekit's own id of the domain. */
    domainId: { type: "text", wire: "id" },
    /** `PENDING`, `VERIFIED`, `AUTO_VERIFIED` or `FAILED`, as of the last `up` or `refresh`. */
    verificationStatus: { type: "text" },
    /** `DNS`, `ADMIN` or `NOT_APPLICABLE`. */
    verificationMethod: { type: "text" },
    /** The name of the TXT record that proves the domain, where Scalekit waits for one and tells it. */
    txtRecordKey: { type: "text" },
    /** The value of that record. */
    txtRecordSecret: { type: "text", secret: true },
    /** When Scalekit created it, as RFC 3339. */
    createTime: { type: "text" },
    /** When it was last changed, as of the last `up` or `refresh`. */
    updateTime: { type: "text" },
  },
  losing: "its verification",
  keys: [{ fields: ["organizationId", "domain", "domainType"] }],
  api: {
    path: "/api/v1/organizations/{organization_id}/domains",
    id: "domainId",
    parameter: "id",
    one: "domain",
    many: "domains",
    paged: "by number",
  },
});
