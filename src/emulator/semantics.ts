import { z } from "zod";
import type { SemanticsOptions } from "./options.ts";

/** As options.ts describes them: an option more or less there, or of another type, does not compile. */
const shape = {
  metadata: z.enum(["replace", "merge"]).default("replace"),
  emptyMetadata: z.enum(["clears", "ignored"]).default("clears"),
  metadataRemoval: z.enum(["mask", "null", "never"]).default("mask"),
  externalIdClear: z.enum(["empty", "null", "mask", "never"]).default("empty"),
  settings: z.enum(["merge", "replace"]).default("merge"),
  logoUrlClear: z.enum(["empty", "null", "mask", "never"]).default("empty"),
  externalIdCase: z.enum(["distinct", "unique", "ignored"]).default("distinct"),
  duplicate: z.union([z.literal(400), z.literal(409)]).default(409),
  deleteMissing: z.union([z.literal(404), z.literal(200)]).default(404),
  emptyFields: z.enum(["ignored", "clears"]).default("ignored"),
  zeroValues: z.enum(["shown", "omitted"]).default("shown"),
  unknownReference: z.union([z.literal(400), z.literal(404)]).default(400),
  permissionInUse: z.enum(["removed", "refused"]).default("removed"),
  listedRoles: z.enum(["environment", "all"]).default("environment"),
  domainVerification: z.enum(["admin", "dns"]).default("admin"),
  uniqueDomain: z.enum(["environment", "organization"]).default("environment"),
  domainCase: z.enum(["kept", "lowered"]).default("kept"),
  sessionPolicy: z.enum(["merge", "replace"]).default("merge"),
  sessionPolicyFeature: z.enum(["optional", "required"]).default("optional"),
  incompleteConnection: z.enum(["status", "message"]).default("status"),
  updateTime: z.enum(["always", "changes"]).default("always"),
  order: z.enum(["newest", "oldest"]).default("newest"),
  listSettings: z.enum(["shown", "absent"]).default("shown"),
  totalSize: z.enum(["all", "page", "absent"]).default("all"),
  pageToken: z.enum(["cursor", "offset"]).default("cursor"),
  encodedSlash: z.enum(["kept", "separates"]).default("kept"),
  pageSize: z
    .strictObject({
      min: z.int().min(1).default(1),
      max: z.int().max(1000).default(100),
      outside: z.enum(["clamp", "reject"]).default("clamp"),
    })
    .prefault({}),
  rateLimit: z
    .strictObject({ perMinute: z.int().positive(), retryAfter: z.boolean().default(true) })
    .nullable()
    .default(null),
} satisfies { readonly [Name in keyof SemanticsOptions]-?: z.ZodType<unknown, SemanticsOptions[Name]> };

const semanticsSchema = z.strictObject(shape);

export type Semantics = z.output<typeof semanticsSchema>;

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
