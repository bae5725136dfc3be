import { randomInt } from "node:crypto";
import { openStateFile } from "./state-file.ts";

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

/** What a new organization may bring along; the rest is made up. */
export type NewOrganization = Omit<StoredOrganization, "id" | "region_code" | "create_time" | "update_time"> &
  Partial<StoredOrganization>;

/**
 * Where a page begins: beside which organization, by its place in the store, in the order of the list; or `at` how many
 * from the beginning.
 */
export type Cursor = { readonly after: number } | { readonly before: number } | { readonly at: number };

type Order = "newest" | "oldest";

export interface Page {
  readonly organizations: StoredOrganization[];
  /** Where the next page and the one before begin, if they hold anything. */
  readonly next: Cursor | undefined;
  readonly previous: Cursor | undefined;
}

/** Thrown by a write that would give two organizations what only one may have. */
export class Duplicate extends Error {
  readonly field: "external_id" | "slug";

  constructor(field: "external_id" | "slug") {
    super(`${field} already exists`);
    this.field = field;
  }
}

/**
 * The organizations of one environment, in SQLite: in memory, or in a file that survives the process. A write is in
 * the file before the call returns, so a killed emulator loses nothing that it acknowledged.
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
    older: database.prepare("SELECT place, document FROM organizations WHERE place < ? ORDER BY place DESC LIMIT ?"),
    newer: database.prepare("SELECT place, document FROM organizations WHERE place > ? ORDER BY place LIMIT ?"),
    newest: database.prepare("SELECT document FROM organizations ORDER BY place DESC LIMIT ? OFFSET ?"),
    oldest: database.prepare("SELECT document FROM organizations ORDER BY place LIMIT ? OFFSET ?"),
    all: database.prepare("SELECT document FROM organizations ORDER BY place"),
    count: database.prepare("SELECT count(*) AS size FROM organizations"),
    clear: database.prepare("DELETE FROM organizations"),
  };

  function insert(fields: NewOrganization): StoredOrganization {
    const time = new Date(now()).toISOString();
    const stored: StoredOrganization = {
      ...fields,
      id: fields.id ?? newId(),
      region_code: fields.region_code ?? "US",
      create_time: fields.create_time ?? time,
      update_time: fields.update_time ?? time,
    };
    unique(() => statements.insert.run(stored.id, stored.external_id, JSON.stringify(stored)));
    return stored;
  }

  /** All of them, or none when one of them cannot be. */
  function insertAll(organizations: readonly NewOrganization[]): void {
    database.exec("BEGIN");
    try {
      for (const organization of organizations) insert(organization);
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Saves a changed organization, its update time later than before even within a millisecond. */
  function update(changed: StoredOrganization): StoredOrganization {
    const time = Math.max(now(), Date.parse(changed.update_time) + 1);
    const stored = { ...changed, update_time: new Date(time).toISOString() };
    unique(() => statements.update.run(stored.external_id, JSON.stringify(stored), stored.id));
    return stored;
  }

  function page(size: number, order: Order, from: Cursor | undefined): Page {
    if (from !== undefined && "at" in from) return pageAt(from.at, size, order);
    const backwards = from !== undefined && "before" in from;
    const [following, preceding] =
      order === "newest" ? [statements.older, statements.newer] : [statements.newer, statements.older];
    const start = order === "newest" ? Number.MAX_SAFE_INTEGER : 0;
    const rows = backwards ? preceding.all(from.before, size).reverse() : following.all(from?.after ?? start, size);
    const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row?.["place"]));
    return {
      organizations: rows.map(document),
      next: last && following.get(last, 1) ? { after: last } : undefined,
      previous: first && preceding.get(first, 1) ? { before: first } : undefined,
    };
  }

  function pageAt(at: number, size: number, order: Order): Page {
    return {
      organizations: statements[order].all(size, at).map(document),
      next: statements[order].get(1, at + size) ? { at: at + size } : undefined,
      previous: at > 0 ? { at: Math.max(0, at - size) } : undefined,
    };
  }

  const found = (row: Record<string, unknown> | undefined) => row && document(row);

  return {
    insert,
    insertAll,
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
    const { message } = error as Error;
    if (message.includes("UNIQUE constraint failed: organizations.external_id")) throw new Duplicate("external_id");
    if (message.includes("UNIQUE constraint failed: index 'slugs'")) throw new Duplicate("slug");
    throw error;
  }
}
