import { define } from "./definition.ts";
import { choice, flag, flags, map, required, text } from "./field.ts";

/** Labels of a host name. Source: the `pattern` of `slug` in the API's protobuf. */
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** How many pairs the metadata of one may have. */
export const mostPairs = 10;

const httpsUrl = { test: (url: string) => /^https:\/\//.test(url) && Boolean(URL.parse(url)?.host) };

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
export const organization = define({
  name: "Organization",
  noun: "organization",
  plural: "organizations",
  needs: ["organizations:read", "organizations:write", "organizations:delete"],
  fields: {
    /** The name people see. */
    displayName: required(text({ min: 1, max: 200 })),
    /** Your application's own identifier for this customer. Unique in a Scalekit environment. */
    // The maximum stands in the API's guide, not in its schema.
    externalId: text({ min: 1, max: 255, neverMadeUp: true }),
    /** The declared pairs are all the metadata, unless `metadataOwnership` says otherwise. */
    metadata: map({
      key: { min: 3, max: 25 },
      value: { min: 1, max: 256 },
      max: mostPairs,
      ownedBy: "metadataOwnership",
      neverMadeUp: true,
    }),
    /**
     * The name in redirect URIs, where it takes the place of `{{slug}}`: lower-case letters, digits, hyphens and dots, as in a
     * host name. Unique in a Scalekit environment.
     */
    slug: text({
      min: 1,
      max: 253,
      pattern: [
        slugPattern,
        "lower-case letters, digits and hyphens, in parts of at most 63 with a dot between them, as in acme or eu.acme",
      ],
    }),
    /** The address of the logo that people see. */
    logoUrl: text({ min: 1, max: 1024, pattern: [httpsUrl, "a whole https:// URL"] }),
    /**
     * Which features the organization has, such as `{ sso: true }`. One that is not named is left alone; one that was named
     * and no longer is, is turned off.
     */
    features: flags(
      {
        sso: "Single sign-on.",
        dirSync: "Users and groups from a directory (SCIM).",
        domainVerification: "Verification of the domains that belong to it.",
        sessionPolicy: "A session policy of the organization's own.",
      },
      { wire: "settings.features", endpoint: "/settings" },
    ),
    /**
     * Whose the metadata is. `"all"`: what is declared is all there is, and any other key is drift. `"declared"`: only the
     * declared keys are this program's; other keys are left alone and not shown.
     *
     * @default "all"
     */
    metadataOwnership: choice({ of: ["all", "declared"], fallback: "all", providerOnly: true }),
    /**
     * Whether the provider refuses to delete the organization. In TypeScript the class sets Pulumi's `protect` too, unless
     * that option is given, so that a preview refuses it already. Deleting an organization deletes its connections and
     * directories with it.
     *
     * @default `scalekit:deletionProtection` of the stack's configuration, or SCALEKIT_DELETION_PROTECTION, or true
     */
    deletionProtection: flag({ fallback: true, providerOnly: true }),
  },
  outputs: {
    /** Where Scalekit keeps the organization, such as `US`. */
    regionCode: { type: "text" },
    /** When Scalekit created the organization, as RFC 3339. */
    createTime: { type: "text" },
    /** When the organization was last changed, as of the last `up` or `refresh`, as RFC 3339. */
    updateTime: { type: "text" },
  },
  keys: [
    { fields: ["externalId"], find: { path: ":external/{external_id}", filter: "external_id" }, handover: true },
    { fields: ["slug"], handover: true },
  ],
  losing: "its connections and directories",
  api: {
    path: "/api/v1/organizations",
    id: "id",
    parameter: "id",
    example: "org_59615193906282635",
    one: "organization",
    many: "organizations",
    paged: "by token",
    alwaysShown: ["displayName"],
    // The API's own sample of a list leaves the settings out.
    mayOmit: ["features"],
    update: { method: "PATCH", partial: true, fromState: true, dialects: ["plain", "mask", "null"] },
  },
});

/** An organization as Scalekit has it now. What is absent is unset there. */
export interface Organization {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly regionCode?: string | undefined;
  readonly createTime?: string | undefined;
  readonly updateTime?: string | undefined;
  readonly slug?: string | undefined;
  readonly logoUrl?: string | undefined;
  /** Whether each is on, such as `{ sso: true }`, and also those that are not known here. Absent when Scalekit names none. */
  readonly features?: Readonly<Record<string, boolean>> | undefined;
}
