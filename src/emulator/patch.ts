import { type OrganizationBody, updateOrganization } from "./organization-rules.ts";
import type { Semantics } from "./semantics.ts";
import { malformed } from "./status.ts";
import type { StoredOrganization } from "./stored.ts";

/** The fields that an `update_mask` names, or undefined when there is none. */
export function maskOf(text: string | undefined): string[] | undefined {
  const paths = text?.split(",").filter(Boolean);
  const unknown = paths?.find((path) => !Object.hasOwn(updateOrganization(false), path));
  if (unknown !== undefined) throw malformed(`invalid path in update_mask: "${unknown}"`);
  return paths;
}

/** What a PATCH makes of an organization, as far as the body and the mask go. */
export function patched(
  before: StoredOrganization,
  body: OrganizationBody,
  mask: readonly string[] | undefined,
  semantics: Semantics,
): StoredOrganization {
  // grpc-gateway fills the mask from the body's keys when the query brings none.
  const named = mask ?? Object.keys(body);
  const after = { ...before };
  if (named.includes("display_name") && body.display_name) after.display_name = body.display_name;
  if (named.includes("slug")) after.slug = body.slug || null;
  if (named.includes("logo_url"))
    after.logo_url = text(before.logo_url, body.logo_url, mask !== undefined, semantics.logoUrlClear);
  if (named.includes("metadata")) after.metadata = metadata(before, body.metadata ?? {}, mask !== undefined, semantics);
  if (named.includes("external_id"))
    after.external_id = text(before.external_id, body.external_id, mask !== undefined, semantics.externalIdClear);
  return after;
}

function metadata(
  { metadata: before }: StoredOrganization,
  asked: Readonly<Record<string, string | null>>,
  explicit: boolean,
  semantics: Semantics,
): Record<string, string> {
  const set = Object.fromEntries(
    Object.entries(asked).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
  if (explicit && semantics.metadataRemoval === "mask") return set;
  if (semantics.metadata === "merge") {
    return { ...Object.fromEntries(Object.entries(before).filter(([key]) => asked[key] !== null)), ...set };
  }
  return Object.keys(asked).length === 0 && semantics.emptyMetadata === "ignored" ? before : set;
}

function text(
  before: string | null,
  asked: string | null | undefined,
  explicit: boolean,
  clear: Semantics["externalIdClear"],
): string | null {
  if (asked) return asked;
  const way = asked === undefined ? "mask" : asked === null ? "null" : "empty";
  const clears = clear === way && (way !== "mask" || explicit);
  return clears ? null : before;
}
