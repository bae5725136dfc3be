import { z } from "zod";

/**
 * The domain: what an organization is, and the limits that Scalekit's API sets.
 *
 * Lengths count Unicode code points, as the API's own validation does, so an emoji is one.
 */
export const limits = {
  displayName: { min: 1, max: 200 },
  /** Unique in an environment. The maximum stands in the API's guide, not in its schema. */
  externalId: { min: 1, max: 255 },
  metadataPairs: 10,
  metadataKey: { min: 3, max: 25 },
  metadataValue: { min: 1, max: 256 },
  /** Unique in an environment. */
  slug: { min: 1, max: 253 },
  logoUrl: { min: 1, max: 1024 },
} as const;

/** The arguments that a program declares, each of which can be changed in place. None replaces the organization. */
export const fields = ["displayName", "externalId", "metadata", "slug", "logoUrl", "features"] as const;
export type Field = (typeof fields)[number];

/** What a customer's administrators can be given to set up by themselves. */
export const features = ["sso", "dirSync", "domainVerification", "sessionPolicy"] as const;
export type Feature = (typeof features)[number];

/** The arguments that say how the fields are managed. Scalekit never sees them. */
export const options = ["metadataOwnership", "deletionProtection", "adopt"] as const;

export const organizationArgs = z
  .strictObject(
    {
      displayName: text(limits.displayName),
      externalId: text(limits.externalId).optional(),
      metadata: metadata().optional(),
      slug: slug().optional(),
      logoUrl: logoUrl().optional(),
      features: switches().optional(),
      metadataOwnership: z.enum(["all", "declared"], { error: 'must be "all" or "declared"' }).optional(),
      deletionProtection: flag().optional(),
      adopt: flag().optional(),
    },
    { error: describeShape },
  )
  .refine(({ adopt, externalId }) => adopt !== true || externalId !== undefined, {
    path: ["adopt"],
    error: "needs an externalId, which is what an organization is adopted by",
  });

/** What a program declares of one organization, its values resolved. */
export type OrganizationArgs = z.infer<typeof organizationArgs>;

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

/** Whose metadata is: the program's, every key of it, or only the keys that it declares. */
export type MetadataOwnership = "all" | "declared";

/** The fields to set. What is absent stays as it is; `null` clears a text, `{}` clears all metadata. */
export interface OrganizationPatch {
  readonly displayName?: string;
  readonly externalId?: string | null;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly slug?: string | null;
  readonly logoUrl?: string | null;
}

export function sameMetadata(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

function text(limit: { min: number; max: number }) {
  return z.string({ error: (issue) => `must be a string, not ${typeName(issue.input)}` }).superRefine((value, ctx) => {
    const length = [...value].length;
    if (!value.isWellFormed()) {
      ctx.addIssue("must be valid Unicode; it holds half of a surrogate pair");
    } else if (value.includes("\0")) {
      ctx.addIssue("must not hold a NUL character");
    } else if (length < limit.min || length > limit.max) {
      ctx.addIssue(`must be ${limit.min} to ${limit.max} characters long; it has ${length}`);
    }
  });
}

/** Labels of a host name. Source: the `pattern` of `slug` in the API's protobuf. */
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

function slug() {
  return text(limits.slug).superRefine((value, ctx) => {
    if (value.length > 0 && value.length <= limits.slug.max && !slugPattern.test(value)) {
      ctx.addIssue(
        "must be lower-case letters, digits and hyphens, in parts of at most 63 with a dot between them, as in acme or eu.acme",
      );
    }
  });
}

function logoUrl() {
  return text(limits.logoUrl).superRefine((value, ctx) => {
    const host = /^https:\/\//.test(value) ? URL.parse(value)?.host : undefined;
    if (value.length > 0 && !host) ctx.addIssue("must be a whole https:// URL");
  });
}

function switches() {
  return z.strictObject(Object.fromEntries(features.map((name) => [name, flag().optional()])), {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `is not a feature; there are ${features.join(", ")}`
        : `must be an object of true and false, not ${typeName(issue.input)}`,
  }) as z.ZodType<Readonly<Partial<Record<Feature, boolean>>>>;
}

function metadata() {
  const pairs = z
    .record(text(limits.metadataKey), text(limits.metadataValue), {
      error: (issue) =>
        issue.code === "invalid_type" ? `must be an object of strings, not ${typeName(issue.input)}` : undefined,
    })
    .superRefine((given, ctx) => {
      const count = Object.keys(given).length;
      if (count > limits.metadataPairs) {
        ctx.addIssue(`must have at most ${limits.metadataPairs} pairs; it has ${count}`);
      }
    });
  return z
    .unknown()
    .superRefine((given, ctx) => {
      const key = lostKeyIn(given);
      if (key !== undefined) ctx.addIssue(`must not have the key "${key}", which a Pulumi program cannot hold`);
    })
    .pipe(pairs);
}

/**
 * The key of `value` that no program can declare, if it has one: JavaScript loses the first without a word wherever an
 * object is copied key by key, and Pulumi's SDK makes a string of every object, which the second makes throw.
 */
export function lostKeyIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return ["__proto__", "toString"].find((key) => Object.hasOwn(value, key));
}

function flag() {
  return z.boolean({ error: (issue) => `must be true or false, not ${typeName(issue.input)}` });
}

function describeShape(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === "unrecognized_keys"
    ? `is not an argument of Organization, which takes ${[...fields, ...options].join(", ")}`
    : undefined;
}

export function typeName(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
