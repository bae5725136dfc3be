import type { Client } from "../api/client.ts";
import { type Definition, isOwned, isSet } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import type { Organization } from "../schema.ts";
import { adoptionsOf, entryOf, type ImportEntry, type Refusal } from "./adoption.ts";
import type { Environment } from "./environment.ts";
import { inTurns, type Thing } from "./kinds.ts";
import { resourceNames } from "./names.ts";
import { declarationOf, resourceDeclaration } from "./program.ts";
import { resourceAdoptionsOf, resourceEntryOf } from "./resource-adoption.ts";

/** Something that exists, with all that it takes to take it over. */
export interface Adopted {
  /** The class that declares it. */
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly leftAlone: Readonly<Record<string, string>>;
  readonly entry: ImportEntry;
  /** The expression that declares it. */
  readonly code: string;
}

/** What is found of what was asked for, ready to be written. */
export interface Found {
  readonly adoptions: readonly Adopted[];
  readonly refused: readonly Refusal[];
}

export async function organizationsToAdopt(
  environment: Environment,
  ids: readonly string[],
  name: string | undefined,
): Promise<Found> {
  const found = await lookUp(environment.client, environment.url, ids);
  const names = name === undefined ? resourceNames(found) : new Map(found.map(({ id }) => [id, name]));
  const { adoptions, refused } = adoptionsOf(found, names, environment.deletionProtection);
  return {
    refused,
    adoptions: adoptions.map((one) => ({
      ...one,
      kind: "Organization",
      entry: entryOf(one),
      code: declarationOf(one),
    })),
  };
}

export async function thingsToAdopt(
  definition: Definition,
  { client, url }: Environment,
  ids: readonly string[],
  name: string | undefined,
): Promise<Found> {
  const things = await inTurns([...new Set(ids)], async (id) => {
    const live = await client.of(definition).get(id);
    const owner = isOwned(definition) ? await client.get(id.split("/")[0] ?? "") : undefined;
    return { id, definition, live, owner };
  });
  const missing = things.filter(({ live }) => live === undefined || !isSet(definition, live)).map(({ id }) => id);
  if (missing.length > 0) {
    throw new ScalekitError(
      `There is no ${definition.noun} with the id ${missing.join(", ")} in the Scalekit environment at ${url}. Nothing was written.`,
    );
  }
  const owners = things.flatMap(({ owner }) => owner ?? []);
  const { adoptions, refused } = resourceAdoptionsOf(things as Thing[], resourceNames(owners));
  const named = adoptions.map((one) => ({ ...one, name: name ?? one.name }));
  return {
    refused,
    adoptions: named.map((one) => ({
      ...one,
      kind: definition.name,
      entry: resourceEntryOf(one),
      code: resourceDeclaration(one),
    })),
  };
}

async function lookUp(client: Client, url: string, asked: readonly string[]): Promise<Organization[]> {
  const found = new Map<string, Organization>();
  const missing: string[] = [];
  for (const one of asked) {
    // An external ID may look like an id of Scalekit's.
    const byId = one.startsWith("org_") ? await client.get(one) : undefined;
    const organization = byId ?? (await client.getByExternalId(one));
    if (organization) found.set(organization.id, organization);
    else missing.push(one);
  }
  if (missing.length > 0) {
    throw new ScalekitError(
      `There is no organization with the id or external ID ${missing.join(", ")} in the Scalekit environment at ${url}. Nothing was written.`,
    );
  }
  return [...found.values()];
}
