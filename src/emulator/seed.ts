import { parseJson } from "../text/json.ts";
import { readText } from "../text/text-file.ts";
import { newId } from "./collection.ts";
import { connect, seedConnection } from "./connections.ts";
import type { SeedOrganization } from "./options.ts";
import { createOrganization, type OrganizationBody, prefixedId, settingsBody } from "./organization-rules.ts";
import { read } from "./rules.ts";
import { StatusError } from "./status.ts";
import type { New, NewOrganization, StoredConnection } from "./stored.ts";

/** What stands in a seed file: JSON, with an array of organizations, oldest first. */
export function readSeed(file: string): SeedOrganization[] {
  try {
    const seed = parseJson(readText(file));
    validateSeed(seed);
    return seed;
  } catch (error) {
    throw new Error(`the seed file ${file || '""'} cannot be used: ${(error as Error).message}`);
  }
}

/** A store, as far as it is needed here. */
interface Plantable {
  readonly connections: {
    insert(organization: string, made: New<StoredConnection>, id?: string): StoredConnection;
  };
  count(): number;
  insertAll(organizations: readonly NewOrganization[]): void;
}

/**
 * Puts a seed into an empty store. A store that holds anything is left alone, so that what was changed or
 * deleted since does not come back with the next start.
 */
export function plant(seed: readonly SeedOrganization[], store: Plantable): void {
  validateSeed(seed);
  if (store.count() > 0) return;
  try {
    const organizations = seed.map((one) => ({ ...toStored(one), id: one.id ?? newId("org_") }));
    store.insertAll(organizations);
    for (const [index, { id }] of organizations.entries()) {
      for (const connection of seed[index]?.connections ?? []) connect(store, id, connection);
    }
  } catch (error) {
    const twice = /UNIQUE constraint failed/.test((error as Error).message) ? "id already exists" : undefined;
    throw new Error(`the seed names one organization twice: ${twice ?? (error as Error).message}`);
  }
}

function validateSeed(seed: unknown): asserts seed is SeedOrganization[] {
  if (!Array.isArray(seed)) throw new Error("it must be an array of organizations");
  for (const [index, organization] of seed.entries()) {
    try {
      validateOne(organization);
    } catch (error) {
      throw new Error(`[${index}]: ${explained(error as Error)}`);
    }
  }
}

function validateOne(organization: unknown): void {
  if (typeof organization !== "object" || organization === null) throw new Error("an organization must be an object");
  const {
    id,
    settings,
    connections = [],
    region_code,
    create_time,
    update_time,
    ...body
  } = organization as Record<string, unknown>;
  read(createOrganization, body, "");
  if (settings !== undefined) read(settingsBody, settings, "settings");
  if (!Array.isArray(connections)) throw new Error("connections must be an array");
  for (const [index, one] of connections.entries()) read(seedConnection, one, `connections[${index}]`);
  for (const [name, value] of Object.entries({ id, region_code, create_time, update_time })) {
    if (value !== undefined && typeof value !== "string") throw new Error(`${name} must be a string`);
    if (name.endsWith("_time") && value !== undefined && Number.isNaN(Date.parse(String(value)))) {
      throw new Error(`${name} must be a time such as 2026-01-31T12:00:00Z`);
    }
  }
  if (id !== undefined) read({ id: prefixedId }, { id }, "");
}

function toStored({ settings, connections: _, ...organization }: SeedOrganization): NewOrganization {
  const { external_id, metadata, slug, logo_url, ...rest } = organization as SeedOrganization & OrganizationBody;
  return {
    ...rest,
    external_id: external_id || null,
    metadata: { ...metadata },
    features: Object.fromEntries((settings?.features ?? []).map(({ name, enabled }) => [name, enabled])),
    slug: slug || null,
    logo_url: logo_url || null,
  };
}

const explained = (error: Error): string =>
  error instanceof StatusError && error.violations.length > 0
    ? error.violations.map(({ field, description }) => `${field}: ${description}`).join("; ")
    : error.message;
