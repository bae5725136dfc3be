import { type Definition, isSet, keyInWords, keysOf, ownerOf } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { ScalekitError } from "../errors.ts";
import { adoptionsOf } from "./adoption.ts";
import type { Environment } from "./environment.ts";
import { resourceNames } from "./names.ts";
import { inTurns, keyOf, type RemoteObject } from "./remote-objects.ts";

/**
 * What to declare of the objects that a user names, by their ids or by another unique value.
 *
 * @param name the name of a single one
 */
export async function adoptionsAskedFor(
  definition: Definition,
  { client, url, deletionProtection }: Environment,
  asked: readonly string[],
  name: string | undefined,
) {
  const endpoints = client.of(definition);
  const [key] = keysOf(definition);

  async function find(text: string) {
    if (key?.find === undefined) return endpoints.get(text);
    // A key may look like an id of Scalekit's.
    const byId = text.startsWith("org_") ? await endpoints.get(text) : undefined;
    return byId ?? (await endpoints.findByKey({ [key.fields[0] ?? ""]: text }));
  }

  const objects = new Map<string, RemoteObject>();
  const missing: string[] = [];
  const found = await inTurns([...new Set(asked)], async (text) => ({ text, live: await find(text) }));
  for (const { text, live } of found) {
    if (live !== undefined && isSet(definition, live)) objects.set(live.id, { definition, live });
    else missing.push(text);
  }
  if (missing.length > 0) {
    const by = key?.find === undefined ? "id" : `id or ${keyInWords(key.fields)}`;
    throw new ScalekitError(
      `There is no ${definition.noun} with the ${by} ${missing.join(", ")} in the Scalekit environment at ${url}. Nothing was written.`,
    );
  }
  const all = [...objects.values()];
  const ids = new Set(all.flatMap(({ live }) => ownerOf(live) ?? []));
  const owners = await inTurns([...ids], (id) => client.of(organization).get(id));
  const known = resourceNames(owners.flatMap((live) => (live ? { definition: organization, live } : [])));
  if (name !== undefined) for (const { live } of all) known.set(keyOf(definition, live.id), name);
  return adoptionsOf(all, resourceNames(all, known), deletionProtection);
}
