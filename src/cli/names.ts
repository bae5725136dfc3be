import type { Live } from "../api/codec.ts";
import { type Definition, isSetting, keyFieldsOf, ownerField } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { byAge } from "../provider/selection.ts";
import { keyOf, type RemoteObject } from "./remote-objects.ts";

/** Long enough for a whole external ID of the usual kinds, short enough for a line. */
const longest = 60;

/**
 * A resource name for each, by `keyOf`: what it is found by, else its first field, else its id, as far as letters, digits,
 * `.`, `_` and `-` go, after a slash where it belongs to an organization. Where several of one kind would have one name,
 * the oldest has it, and the others add their id. So the names do not depend on the order of a list, and a new one renames
 * no older one.
 *
 * @param known the names that some of them, and their organizations, have already
 */
export function resourceNames(objects: readonly RemoteObject[], known: ReadonlyMap<string, string> = new Map()) {
  const names = new Map(known);
  const taken = new Set<string>();
  for (const { definition, live } of [...objects].sort((a, b) => byAge(a.live, b.live))) {
    if (known.has(keyOf(definition, live.id))) continue;
    const owner = live[ownerField] as string | undefined;
    const ofOwner = owner && (names.get(keyOf(organization, owner)) ?? owner);
    const own = isSetting(definition.api) ? undefined : plainName(definition, live);
    let name = [ofOwner, own].filter((part) => part !== undefined).join("/");
    while (taken.has(keyOf(definition, name))) name = `${name}-${bareId(live)}`;
    taken.add(keyOf(definition, name));
    names.set(keyOf(definition, live.id), name);
  }
  return names;
}

function plainName(definition: Definition, live: Live): string {
  const fields = [keyFieldsOf(definition) ?? [], Object.keys(definition.fields)].map((names) =>
    names.find((name) => name !== ownerField),
  );
  return fields.map((field = "") => slug(String(live[field] ?? ""))).find((name) => name !== "") ?? bareId(live);
}

/** What is left of a text in a name: letters and digits of any script, and `.`, `_` and `-` between them. */
export const slug = (text: string): string => trimmed([...cleaned(text)].slice(0, longest).join(""));

const cleaned = (text: string): string => trimmed(text.normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-"));

const trimmed = (text: string): string => text.replace(/^[^\p{L}\p{N}]+/u, "").replace(/[._-]+$/, "");

/** The last part of an id, without what every organization's begins with. */
const bareId = ({ id }: Live): string => slug((id.split("/").at(-1) ?? "").replace(/^org_/, "")) || "one";
