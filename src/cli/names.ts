import type { Organization } from "../schema.ts";
import { byAge } from "../sdk/lookups/selection.ts";

/** Long enough for a whole external ID of the usual kinds, short enough for a line. */
const longest = 60;

/**
 * A resource name for each organization, by its id: its external ID, else its display name, else its id, as far as
 * letters, digits, `.`, `_` and `-` go. Where several would have one name, the oldest has it, and the others add their
 * id. So the names do not depend on the order of a list, and a new organization renames no older one.
 */
export function resourceNames(organizations: readonly Organization[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const organization of [...organizations].sort(byAge)) {
    let name = plainName(organization);
    while (taken.has(name)) name = `${name}-${bare(organization.id)}`;
    taken.add(name);
    names.set(organization.id, name);
  }
  return names;
}

function plainName({ externalId, displayName, id }: Organization): string {
  return [externalId, displayName].map((text) => slug(text ?? "")).find((name) => name !== "") ?? bare(id);
}

/** What is left of a text in a name: letters and digits of any script, and `.`, `_` and `-` between them. */
export const slug = (text: string): string => trimmed([...cleaned(text)].slice(0, longest).join(""));

const cleaned = (text: string): string => trimmed(text.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-"));

const trimmed = (text: string): string => text.replace(/^[^\p{L}\p{N}]+/u, "").replace(/[._-]+$/, "");

const bare = (id: string): string => slug(id.replace(/^org_/, "")) || "organization";
