import { z } from "zod";
import type { Organization, OrganizationPatch } from "../schema.ts";

/**
 * The wire, and the only place outside the emulator that knows it: JSON in snake_case, as the API documents it.
 * Answers may hold more than is listed here, now or in a later version of the API; requests hold nothing else.
 */
const wireOrganization = z.looseObject({
  id: z.string().min(1),
  display_name: z.string(),
  external_id: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  region_code: z.string().nullish(),
  create_time: z.string().nullish(),
  update_time: z.string().nullish(),
  slug: z.string().nullish(),
  logo_url: z.string().nullish(),
  settings: z
    .looseObject({
      features: z.array(z.looseObject({ name: z.string(), enabled: z.boolean().default(false) })).nullish(),
    })
    .nullish(),
});

/** An organization between the wire and the domain, both ways. */
export const organizationCodec = z.codec(wireOrganization, z.custom<Organization>(), {
  decode: (wire) => ({
    id: wire.id,
    displayName: wire.display_name,
    // An external ID cannot be empty, so "" and null are both the wire's ways to say that there is none.
    externalId: wire.external_id || undefined,
    metadata: wire.metadata ?? {},
    regionCode: wire.region_code ?? undefined,
    createTime: wire.create_time ?? undefined,
    updateTime: wire.update_time ?? undefined,
    slug: wire.slug || undefined,
    logoUrl: wire.logo_url || undefined,
    features: wire.settings?.features?.length
      ? Object.fromEntries(wire.settings.features.map(({ name, enabled }) => [featureOf(name), enabled]))
      : undefined,
  }),
  encode: (organization) => ({
    id: organization.id,
    display_name: organization.displayName,
    external_id: organization.externalId,
    metadata: { ...organization.metadata },
    region_code: organization.regionCode,
    create_time: organization.createTime,
    update_time: organization.updateTime,
    slug: organization.slug,
    logo_url: organization.logoUrl,
    settings: organization.features && {
      features: encodeFeatures(organization.features).features,
    },
  }),
});

export const organizationAnswer = z.looseObject({ organization: organizationCodec });

/**
 * Whether an answer is a page of `many`: it has that list, or else something that only a page has. Anything else would say
 * that all is gone, be it `{}`, nothing at all, or a word about maintenance.
 *
 * The API's samples show what is empty (`next_page_token: ""`, `metadata: {}`), so an empty list is `[]`. A gateway that is set
 * to leave out what is empty leaves out the list, and on a page without a count and without a token, all of it: that cannot
 * be told from an answer of something else, and is refused.
 */
export const isPageOf = (many: string) => (answer: Readonly<Record<string, unknown>>) =>
  [many, "next_page_token", "prev_page_token", "total_size", "page_size", "page_number"].some((name) => name in answer);

export const noPage = (many: string): string => `it has no ${many}, and nothing else of a page`;

export const organizationPage = z
  .looseObject({
    organizations: z.array(organizationCodec).nullish(),
    next_page_token: z.string().nullish(),
  })
  .refine(isPageOf("organizations"), noPage("organizations"));

/** An organization as a page of the list shows it. */
export interface Listed {
  readonly organization: Organization;
  /** Whether its settings are shown. The API's own sample of a list leaves them out. */
  readonly isWhole: boolean;
}

const listed = z.unknown().transform((entry): Listed[] => {
  const organization = organizationCodec.safeParse(entry).data;
  return organization === undefined
    ? []
    : [{ organization, isWhole: (entry as { settings?: unknown }).settings != null }];
});

/** A page in which each organization stands for itself: what is shown of one, if it makes no sense, fails no other. */
export const listedPage = z
  .looseObject({
    organizations: z.array(listed).nullish(),
    next_page_token: z.string().nullish(),
    /** A number; in protobuf's JSON large ones are strings. */
    total_size: z.coerce.number().optional().catch(undefined),
  })
  .refine(isPageOf("organizations"), noPage("organizations"))
  .transform((page) => ({
    organizations: (page.organizations ?? []).flat(),
    next: page.next_page_token || undefined,
    total: page.total_size,
  }));

export const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().positive().default(3600),
});

/** google.rpc.Status, or OAuth's shape from the token endpoint; a proxy in between may send neither. */
export const errorAnswer = z.looseObject({
  code: z.number().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  details: z
    .array(
      z.looseObject({
        error_code: z.string().optional(),
        request_info: z.looseObject({ request_id: z.string().optional() }).nullish(),
        validation_error_info: z
          .looseObject({
            field_violations: z
              .array(z.looseObject({ field: z.string(), description: z.string().default("is invalid") }))
              .nullish(),
          })
          .nullish(),
      }),
    )
    .optional()
    .catch(undefined),
});

/**
 * How a request says "clear this". The API's documents leave it open, so the client speaks each plausible way:
 * - `plain`: `""` clears a text, as the API documents it for the slug, and the metadata sent is all there is to be.
 * - `mask`: an explicit `update_mask`, under which what the body leaves out is cleared.
 * - `null`: JSON null clears a text, and each metadata key that has to go is sent as null.
 */
export const dialects = ["plain", "mask", "null"] as const;
export type Dialect = (typeof dialects)[number];

const wireNames = {
  displayName: "display_name",
  externalId: "external_id",
  metadata: "metadata",
  slug: "slug",
  logoUrl: "logo_url",
} as const;

export interface WirePatch {
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, string>>;
}

/** The body and query that say `patch`. `goners` are the metadata keys that the organization has and must lose. */
export function encodePatch(patch: OrganizationPatch, dialect: Dialect, goners: readonly string[]): WirePatch {
  const body: Record<string, unknown> = {};
  const mask: string[] = [];
  for (const field of Object.keys(patch) as (keyof OrganizationPatch)[]) {
    const name = wireNames[field];
    mask.push(name);
    if (field === "metadata") {
      const kept = patch.metadata;
      body[name] =
        dialect === "null" ? { ...kept, ...Object.fromEntries(goners.map((key) => [key, null])) } : { ...kept };
    } else if (patch[field] !== null) {
      body[name] = patch[field];
    } else if (dialect !== "mask") {
      body[name] = dialect === "null" ? null : "";
    }
  }
  return { body, query: dialect === "mask" ? { update_mask: mask.join(",") } : {} };
}

export function encodeCreate(args: Readonly<Partial<Record<keyof typeof wireNames, unknown>>>) {
  return Object.fromEntries(
    (Object.keys(wireNames) as (keyof typeof wireNames)[])
      .filter((field) => args[field] !== undefined)
      .map((field) => [wireNames[field], args[field]]),
  );
}

/** The API's names for features that differ from the domain's. A feature that is not known here keeps its name. */
const wireFeatures: Readonly<Record<string, string>> = {
  dirSync: "dir_sync",
  domainVerification: "domain_verification",
  sessionPolicy: "session_policy",
};

const featureOf = (name: string): string =>
  Object.entries(wireFeatures).find(([, wireName]) => wireName === name)?.[0] ?? name;

/** The body that sets features, which are not part of the organization's own body. */
export const encodeFeatures = (features: Readonly<Record<string, boolean>>) => ({
  features: Object.entries(features).map(([name, enabled]) => ({ name: wireFeatures[name] ?? name, enabled })),
});

export function encodeTokenRequest(clientId: string, clientSecret: string): string {
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  }).toString();
}

export function encodePageRequest(page: {
  size: number;
  token: string | undefined;
  externalId: string | undefined;
}): Record<string, string> {
  return {
    page_size: String(page.size),
    ...(page.token === undefined ? {} : { page_token: page.token }),
    ...(page.externalId === undefined ? {} : { external_id: page.externalId }),
  };
}

/** The query for a page of a list whose pages are numbered from 0. */
export const encodePageNumber = (size: number, number: string): Record<string, string> => ({
  page_size: String(size),
  page_number: number,
});
