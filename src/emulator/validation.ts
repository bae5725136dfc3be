import { invalid, malformed, type Violation } from "./status.ts";

/** What the API demands of a request's body. Written from its documents, not from the client, which may be wrong. */
export interface OrganizationBody {
  display_name?: string;
  external_id?: string | null;
  metadata?: Record<string, string | null>;
  slug?: string | null;
  logo_url?: string | null;
}

const writable = ["display_name", "external_id", "metadata", "slug", "logo_url"];
const slugPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** The body of a create or an update, or the error that says every rule it breaks. `nulls` lets metadata values be null. */
export function validateOrganization(body: unknown, verb: "create" | "update", nulls: boolean): OrganizationBody {
  if (!isObject(body)) throw malformed("the body must be a JSON object");
  for (const [name, value] of Object.entries(body)) {
    if (!writable.includes(name)) throw malformed(`could not find field "${name}"`);
    if (name === "metadata") checkMetadataTypes(value, nulls);
    else if (value !== null && typeof value !== "string") throw malformed(`invalid value for string field ${name}`);
  }
  const organization = body as OrganizationBody;
  const violations = [...violationsOf(organization, verb)];
  if (violations.length > 0) throw invalid(violations);
  return organization;
}

export interface FeatureBody {
  name: string;
  enabled: boolean;
}

const knownFeatures = ["sso", "dir_sync", "domain_verification", "session_policy"];

export function validateSettings(body: unknown): FeatureBody[] {
  const features = isObject(body) ? body["features"] : undefined;
  if (!Array.isArray(features)) throw invalid([violation("settings.features", "value is required", "required")]);
  return features.map((feature: unknown, index) => {
    if (!isObject(feature) || typeof feature["name"] !== "string" || typeof feature["enabled"] !== "boolean") {
      throw invalid([violation(`settings.features[${index}]`, "name and enabled are required", "required")]);
    }
    if (!knownFeatures.includes(feature["name"])) {
      throw invalid([violation(`settings.features[${index}].name`, "value must be in list", "string.in")]);
    }
    return { name: feature["name"], enabled: feature["enabled"] };
  });
}

/** Ids have at most 32 characters; settings also look at how they begin. */
export function validateId(id: string, prefixed = false): void {
  const violations = [...length("id", id, 1, 32)];
  if (prefixed && !id.startsWith("org_")) {
    violations.push(violation("id", "value does not have prefix `org_`", "string.prefix"));
  }
  if (violations.length > 0) throw invalid(violations);
}

/** The fields that an `update_mask` names, or undefined when there is none. */
export function validateMask(text: string | undefined): string[] | undefined {
  const paths = text?.split(",").filter(Boolean);
  const unknown = paths?.find((path) => !writable.includes(path));
  if (unknown !== undefined) throw malformed(`invalid path in update_mask: "${unknown}"`);
  return paths;
}

function* violationsOf(body: OrganizationBody, verb: "create" | "update"): Generator<Violation> {
  if (typeof body.display_name === "string" || verb === "create") {
    yield* length("organization.display_name", body.display_name ?? "", 1, 200);
  }
  if (typeof body.external_id === "string") yield* length("organization.external_id", body.external_id, 0, 255);
  const pairs = Object.entries(body.metadata ?? {});
  if (pairs.length > 10)
    yield violation("organization.metadata", "value must contain at most 10 pair(s)", "map.max_pairs");
  for (const [key, value] of pairs) {
    yield* length(`organization.metadata["${key}"]`, key, 3, 25, "key ");
    if (value !== null) yield* length(`organization.metadata["${key}"]`, value, 1, 256);
  }
  const clearable = verb === "update" && body.slug === "";
  if (typeof body.slug === "string" && !clearable && (body.slug.length > 253 || !slugPattern.test(body.slug))) {
    yield violation("organization.slug", "value does not match the pattern", "string.pattern");
  }
  if (typeof body.logo_url === "string") yield* length("organization.logo_url", body.logo_url, 0, 1024);
}

function* length(field: string, value: string, min: number, max: number, what = "value "): Generator<Violation> {
  // protovalidate counts code points.
  const characters = [...value].length;
  if (characters < min) yield violation(field, `${what}length must be at least ${min} characters`, "string.min_len");
  if (characters > max) yield violation(field, `${what}length must be at most ${max} characters`, "string.max_len");
}

function checkMetadataTypes(value: unknown, nulls: boolean): void {
  if (value === null) return;
  if (!isObject(value)) throw malformed("unexpected token in map field metadata");
  for (const inner of Object.values(value)) {
    // protojson allows no null inside a map; a server of another making may take it for "remove this key".
    if (typeof inner !== "string" && !(inner === null && nulls))
      throw malformed("invalid value for string field value");
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const violation = (field: string, description: string, constraint: string): Violation => ({
  field,
  description,
  constraint,
});
