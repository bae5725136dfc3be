import { randomInt } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** An organization as it is stored. */
export interface StoredOrganization {
  id: string;
  display_name: string;
  external_id: string | null;
  metadata: Record<string, string>;
  features: Record<string, boolean>;
  slug: string | null;
  logo_url: string | null;
  region_code: string;
  create_time: string;
  update_time: string;
}

export interface Page {
  readonly organizations: StoredOrganization[];
  /** The place of the first and the last one, newest first, and whether there is more on either side. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly newer: boolean;
  readonly older: boolean;
}

/** Thrown by a write that would give two organizations one external ID. */
export class DuplicateExternalId extends Error {}

/**
 * The organizations of one environment, in SQLite: in memory, or in a file that survives the process. A write is in
 * the file before the call returns, so a killed emulator loses nothing that it acknowledged.
 */
export type Store = ReturnType<typeof openStore>;

export function openStore(file = ":memory:") {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS organizations (
      place INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      external_id TEXT UNIQUE,
      document TEXT NOT NULL
    ) STRICT;
  `);
  const statements = {
    insert: database.prepare("INSERT INTO organizations (id, external_id, document) VALUES (?, ?, ?)"),
    update: database.prepare("UPDATE organizations SET external_id = ?, document = ? WHERE id = ?"),
    remove: database.prepare("DELETE FROM organizations WHERE id = ?"),
    byId: database.prepare("SELECT document FROM organizations WHERE id = ?"),
    byExternalId: database.prepare("SELECT document FROM organizations WHERE external_id = ?"),
    older: database.prepare("SELECT place, document FROM organizations WHERE place < ? ORDER BY place DESC LIMIT ?"),
    newer: database.prepare("SELECT place, document FROM organizations WHERE place > ? ORDER BY place LIMIT ?"),
    all: database.prepare("SELECT document FROM organizations ORDER BY place"),
    count: database.prepare("SELECT count(*) AS size FROM organizations"),
    clear: database.prepare("DELETE FROM organizations"),
  };

  function insert(
    fields: Omit<StoredOrganization, "id" | "region_code" | "create_time" | "update_time">,
  ): StoredOrganization {
    const now = new Date().toISOString();
    const stored = { id: newId(), ...fields, region_code: "US", create_time: now, update_time: now };
    unique(() => statements.insert.run(stored.id, stored.external_id, JSON.stringify(stored)));
    return stored;
  }

  /** Saves a changed organization, its update time later than before even within a millisecond. */
  function update(changed: StoredOrganization): StoredOrganization {
    const now = Math.max(Date.now(), Date.parse(changed.update_time) + 1);
    const stored = { ...changed, update_time: new Date(now).toISOString() };
    unique(() => statements.update.run(stored.external_id, JSON.stringify(stored), stored.id));
    return stored;
  }

  /** One page, newest first: those older than `before`, or the nearest newer than `after`. */
  function page(size: number, from: { before: number } | { after: number }): Page {
    const rows =
      "after" in from
        ? statements.newer.all(from.after, size + 1)
        : statements.older.all(Math.min(from.before, Number.MAX_SAFE_INTEGER), size + 1);
    const more = rows.length > size;
    const shown = rows.slice(0, size);
    if ("after" in from) shown.reverse();
    const first = shown[0]?.["place"] as number | undefined;
    return {
      organizations: shown.map(document),
      first,
      last: shown.at(-1)?.["place"] as number | undefined,
      older: "after" in from || more,
      newer: "after" in from ? more : first !== undefined && statements.newer.all(first, 1).length > 0,
    };
  }

  const found = (row: Record<string, unknown> | undefined) => row && document(row);

  return {
    insert,
    update,
    page,
    byId: (id: string) => found(statements.byId.get(id)),
    byExternalId: (externalId: string) => found(statements.byExternalId.get(externalId)),
    remove: (id: string) => statements.remove.run(id).changes > 0,
    all: () => statements.all.all().map(document),
    count: () => Number(statements.count.get()?.["size"]),
    clear: () => void statements.clear.run(),
    close: () => database.close(),
  };
}

const document = (row: Record<string, unknown>): StoredOrganization => JSON.parse(String(row["document"]));

/** Ids look like `org_59615193906282635`. */
const newId = (): string => `org_${randomInt(10 ** 8, 10 ** 9)}${randomInt(10 ** 8, 10 ** 9)}`;

function unique(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (/UNIQUE constraint failed: organizations\.external_id/.test((error as Error).message)) {
      throw new DuplicateExternalId("external_id already exists");
    }
    throw error;
  }
}
