import type { Body, Message, Text } from "./rules.ts";

/** What the API requires of an organization. Written from its documents, not from the client, which may be wrong. */
const metadata = (nulls: boolean) =>
  ({
    type: "pairs",
    max: 10,
    keys: { type: "text", min: 3, max: 25 },
    values: { type: "text", min: 1, max: 256 },
    nulls,
  }) as const;

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const slug = `^${label}(?:\\.${label})*$`;
const externalId = { type: "text", max: 255, optional: true } as const;
const logoUrl = { type: "text", max: 1024, optional: true } as const;

export const createOrganization = {
  display_name: { type: "text", min: 1, max: 200 },
  external_id: externalId,
  metadata: metadata(false),
  slug: { type: "text", min: 1, max: 253, pattern: new RegExp(slug), optional: true },
  logo_url: logoUrl,
} as const satisfies Message;

/** @param nulls whether metadata values may be null */
export const updateOrganization = (nulls: boolean) =>
  ({
    display_name: { type: "text", min: 1, max: 200, optional: true },
    external_id: externalId,
    metadata: metadata(nulls),
    slug: { type: "text", max: 253, pattern: new RegExp(`^$|${slug}`), optional: true },
    logo_url: logoUrl,
  }) as const satisfies Message;

export type OrganizationBody = Body<ReturnType<typeof updateOrganization>>;

const features = ["sso", "dir_sync", "domain_verification", "session_policy"];

export const settingsBody = {
  features: {
    type: "items",
    required: true,
    each: {
      type: "part",
      fields: {
        name: { type: "text", in: features, required: true },
        enabled: { type: "flag", required: true, optional: true },
      },
    },
  },
} as const satisfies Message;

/** Ids have at most 32 characters; most endpoints look at how they begin too. */
export const organizationId = { type: "text", min: 1, max: 32 } as const satisfies Text;
export const prefixedId = { ...organizationId, prefix: "org_" } as const;
