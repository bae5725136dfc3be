import { z } from "zod";

/**
 * What Scalekit's public documents leave open, each plausible behaviour a value. The defaults are the likeliest:
 * a provider is right when it is right under all of them.
 */
export const semanticsSchema = z.strictObject({
  /** Whether the metadata of a PATCH is all there is afterwards, or is added to what is there. */
  metadata: z.enum(["replace", "merge"]).default("replace"),
  /** Whether `{"metadata":{}}` clears all metadata (under "replace"), or counts as not given, as in plain protobuf. */
  emptyMetadata: z.enum(["clears", "ignored"]).default("clears"),
  /** How a key leaves where `{…}` does not remove it: by an explicit `update_mask`, by a null value, or in no way. */
  metadataRemoval: z.enum(["mask", "null", "never"]).default("mask"),
  /** What clears an external ID: `""`, null, absence under an explicit `update_mask`, or nothing at all. */
  externalIdClear: z.enum(["empty", "null", "mask", "never"]).default("empty"),
  /** Whether features that a request does not name stay as they are, or are off afterwards. */
  settings: z.enum(["merge", "replace"]).default("merge"),
  /** What clears a logo: `""`, null, absence under an explicit `update_mask`, or nothing at all. */
  logoUrlClear: z.enum(["empty", "null", "mask", "never"]).default("empty"),
  /**
   * What external IDs that differ in upper and lower case only are: two; two of which an environment takes one; or one and
   * the same, also where an organization is looked up by it.
   */
  externalIdCase: z.enum(["distinct", "unique", "ignored"]).default("distinct"),
  /** The status of a second organization with one external ID. */
  duplicate: z.union([z.literal(400), z.literal(409)]).default(409),
  /** The status of a delete of what is not there. */
  deleteMissing: z.union([z.literal(404), z.literal(200)]).default(404),
  /**
   * What an empty text or list does in an update where plain protobuf cannot tell it from one that is not given: a role's
   * permissions, a permission's description, an API client's fields.
   */
  emptyFields: z.enum(["ignored", "clears"]).default("ignored"),
  /** Whether answers about anything but organizations show fields that are empty, false or 0. */
  zeroValues: z.enum(["shown", "omitted"]).default("shown"),
  /** The status where a role names a permission or a role that is not there. */
  unknownReference: z.union([z.literal(400), z.literal(404)]).default(400),
  /** Whether a permission that roles have goes from them when it is deleted, or stays. */
  permissionInUse: z.enum(["removed", "refused"]).default("removed"),
  /** Whether the list of the environment's roles shows those of organizations too. */
  listedRoles: z.enum(["environment", "all"]).default("environment"),
  /** Whether a domain counts as verified because an API client added it, or waits for its TXT record. */
  domainVerification: z.enum(["admin", "dns"]).default("admin"),
  /** Where there is only one domain of a name and type. */
  uniqueDomain: z.enum(["environment", "organization"]).default("environment"),
  /** Whether a domain is shown as it was given. */
  domainCase: z.enum(["kept", "lowered"]).default("kept"),
  /** Whether a custom session policy keeps the values that a PATCH does not name. */
  sessionPolicy: z.enum(["merge", "replace"]).default("merge"),
  /** Whether a custom session policy is taken only while the organization's feature is on; it is 403 otherwise. */
  sessionPolicyFeature: z.enum(["optional", "required"]).default("optional"),
  /** Whether a PATCH that changes nothing moves the update time all the same. */
  updateTime: z.enum(["always", "changes"]).default("always"),
  /** Which end a list begins at. */
  order: z.enum(["newest", "oldest"]).default("newest"),
  /** Whether a list shows each organization's settings. Scalekit's sample of a list does not. */
  listSettings: z.enum(["shown", "absent"]).default("shown"),
  /** What `total_size` counts: the environment, or only the page; or it is not there. */
  totalSize: z.enum(["all", "page", "absent"]).default("all"),
  /**
   * What a page token stands for: the organization that the page before ended with, or how many come before the page, so
   * that a delete there makes the list skip one, and a create there shows one twice.
   */
  pageToken: z.enum(["cursor", "offset"]).default("cursor"),
  /** Whether `%2F` in an external ID is part of it, or separates parts of the path, so that no such path is known. */
  encodedSlash: z.enum(["kept", "separates"]).default("kept"),
  /** The page sizes that are taken, and what becomes of others. */
  pageSize: z
    .strictObject({
      min: z.int().min(1).default(1),
      max: z.int().max(1000).default(100),
      outside: z.enum(["clamp", "reject"]).default("clamp"),
    })
    .prefault({}),
  /** How many requests a minute are answered before the rest get 429, with or without a Retry-After header. */
  rateLimit: z
    .strictObject({ perMinute: z.int().positive(), retryAfter: z.boolean().default(true) })
    .nullable()
    .default(null),
});

export type Semantics = z.output<typeof semanticsSchema>;
export type SemanticsOptions = z.input<typeof semanticsSchema>;

/** The switches as given and the rest by default, or an error that says which there are. */
export function semanticsOf(options: SemanticsOptions): Semantics {
  const parsed = semanticsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const at = ["semantics", ...issue.path.map(String)].join(".");
    if (issue.code !== "unrecognized_keys") return `${at}: ${issue.message}`;
    const known = issue.path.reduce<unknown>((shape, key) => inner(shape)[String(key)], semanticsSchema);
    return `${at}: there is no ${issue.keys.join(", ")}; there is ${Object.keys(inner(known)).join(", ")}`;
  });
  throw new Error(problems.join("; "));
}

/** The schemas inside a schema of an object, whatever it is wrapped in. */
function inner(schema: unknown): Record<string, unknown> {
  if (schema instanceof z.ZodObject) return schema.shape;
  const wrapper = schema as { unwrap?: () => unknown };
  return wrapper.unwrap ? inner(wrapper.unwrap()) : {};
}
