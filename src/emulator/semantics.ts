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
  /** The status of a second organization with one external ID. */
  duplicate: z.union([z.literal(400), z.literal(409)]).default(409),
  /** The status of a delete of an organization that is not there. */
  deleteMissing: z.union([z.literal(404), z.literal(200)]).default(404),
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
