import { collections, document, newId } from "./collection.ts";
import { collectionsIn } from "./collections.ts";
import { type Cursor, cursorPages } from "./cursors.ts";
import { plantPredefined } from "./predefined.ts";
import { openStateFile } from "./state-file.ts";
import type { NewOrganization, StoredOrganization } from "./stored.ts";

/** Thrown by a write that would give two organizations what only one may have. */
export class Duplicate extends Error {
  readonly field: "external_id" | "slug";

  constructor(field: "external_id" | "slug") {
    super(`${field} already exists`);
    this.field = field;
  }
}

/**
 * What is in one environment, in SQLite: in memory, or in a file that survives the process. A write is in the file
 * before the call returns, so a killed emulator loses nothing that it acknowledged.
 */
export type Store = ReturnType<typeof openStore>;

export function openStore(file = ":memory:", now: () => number = Date.now) {
  const database = openStateFile(file);
  const statements = {
    insert: database.prepare("INSERT INTO organizations (id, external_id, document) VALUES (?, ?, ?)"),
    update: database.prepare("UPDATE organizations SET external_id = ?, document = ? WHERE id = ?"),
    remove: database.prepare("DELETE FROM organizations WHERE id = ?"),
    byId: database.prepare("SELECT document FROM organizations WHERE id = ?"),
    byExternalId: database.prepare("SELECT document FROM organizations WHERE external_id = ?"),
    likeExternalId: database.prepare("SELECT document FROM organizations WHERE external_id = ? COLLATE NOCASE"),
    all: database.prepare("SELECT document FROM organizations ORDER BY place"),
    count: database.prepare("SELECT count(*) AS size FROM organizations"),
  };
  const pages = cursorPages(database, "organizations");
  const objects = collectionsIn(collections(database, now));

  function insert(fields: NewOrganization): StoredOrganization {
    const time = new Date(now()).toISOString();
    const stored: StoredOrganization = {
      ...fields,
      id: fields.id ?? newId("org_"),
      region_code: fields.region_code ?? "US",
      create_time: fields.create_time ?? time,
      update_time: fields.update_time ?? time,
    };
    unique(() => statements.insert.run(stored.id, stored.external_id, JSON.stringify(stored)));
    return stored;
  }

  /** All of them, or none when one of them cannot be. */
  function insertAll(organizations: readonly NewOrganization[]): void {
    transaction(() => {
      for (const organization of organizations) insert(organization);
    });
  }

  /** Saves a changed organization, its update time later than before even within a millisecond. */
  function update(changed: StoredOrganization): StoredOrganization {
    const time = Math.max(now(), Date.parse(changed.update_time) + 1);
    const stored = { ...changed, update_time: new Date(time).toISOString() };
    unique(() => statements.update.run(stored.external_id, JSON.stringify(stored), stored.id));
    return stored;
  }

  function transaction(work: () => void): void {
    database.exec("BEGIN");
    try {
      work();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }

  const found = (row: Record<string, unknown> | undefined) => row && document<StoredOrganization>(row);

  function clear(): void {
    transaction(() => {
      database.exec("DELETE FROM things; DELETE FROM organizations;");
      plantPredefined(objects);
    });
  }

  // A file from before there was anything but organizations has no version either.
  if (Number(database.prepare("PRAGMA user_version").get()?.["user_version"]) === 0) {
    transaction(() => {
      plantPredefined(objects);
      database.exec("PRAGMA user_version = 1");
    });
  }

  return {
    ...objects,
    insert,
    insertAll,
    update,
    page: (size: number, order: "newest" | "oldest", from: Cursor | undefined) =>
      pages<StoredOrganization>([], size, order, from),
    byId: (id: string) => found(statements.byId.get(id)),
    byExternalId: (externalId: string) => found(statements.byExternalId.get(externalId)),
    /** The same in whatever case. */
    likeExternalId: (externalId: string) => found(statements.likeExternalId.get(externalId)),
    remove: (id: string) => statements.remove.run(id).changes > 0,
    all: () => statements.all.all().map(document<StoredOrganization>),
    count: () => Number(statements.count.get()?.["size"]),
    clear,
    /** Now, as timestamps have it. */
    time: () => new Date(now()).toISOString(),
    close: () => database.close(),
  };
}

function unique(write: () => unknown): void {
  try {
    write();
  } catch (error) {
    const { message } = error as Error;
    if (message.includes("UNIQUE constraint failed: organizations.external_id")) throw new Duplicate("external_id");
    if (message.includes("UNIQUE constraint failed: index 'slugs'")) throw new Duplicate("slug");
    throw error;
  }
}
