import { randomInt } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type Cursor, cursorPages, type Page } from "./cursors.ts";
import type { New, Stored } from "./stored.ts";

/** Thrown by a write that would give two objects of one kind and one owner the same key. */
export class Taken extends Error {}

/** How large a page, in which order, from where, and only of objects that have a value in a field. */
type PageOptions = [
  size: number,
  order: "newest" | "oldest",
  from: Cursor | undefined,
  only?: [field: string, is: number],
];

/**
 * The objects of one kind, of the environment (`null`) or of an organization, each by its key. What belongs to an
 * organization goes with it: the database sees to that.
 */
export interface Collection<T extends Stored> {
  /** @param key what it is found by; its id, unless there is one */
  insert(organization: string | null, fields: New<T>, key?: string): T;
  /** Saves a changed object, its update time later than before even within a millisecond. */
  update(organization: string | null, changed: T, key?: string): T;
  find(organization: string | null, key: string): T | undefined;
  remove(organization: string | null, key: string): boolean;
  /** All of them, oldest first, whosever they are. */
  all(): T[];
  /** Those of one organization, or of the environment, oldest first. */
  of(organization: string | null): T[];
  page(organization: string | null, ...how: PageOptions): Page<T>;
}

/** @returns the collection of a kind, whose ids begin as said */
export function collections(database: DatabaseSync, now: () => number) {
  const where = "kind = ? AND organization IS ?";
  const statements = {
    insert: database.prepare("INSERT INTO things (kind, organization, key, document) VALUES (?, ?, ?, ?)"),
    update: database.prepare(`UPDATE things SET document = ? WHERE ${where} AND key = ?`),
    remove: database.prepare(`DELETE FROM things WHERE ${where} AND key = ?`),
    find: database.prepare(`SELECT document FROM things WHERE ${where} AND key = ?`),
    all: database.prepare("SELECT document FROM things WHERE kind = ? ORDER BY place"),
    of: database.prepare(`SELECT document FROM things WHERE ${where} ORDER BY place`),
  };
  const pages = cursorPages(database, "things", `${where} AND (? IS NULL OR json_extract(document, '$.' || ?) = ?)`);

  return <T extends Stored>(kind: string, prefix: string): Collection<T> => ({
    insert(organization, fields, key) {
      const time = new Date(now()).toISOString();
      const id = fields.id ?? newId(prefix);
      const stored = { id, create_time: time, update_time: time, ...fields } as unknown as T;
      try {
        statements.insert.run(kind, organization, key ?? id, JSON.stringify(stored));
      } catch (error) {
        throw (error as Error).message.includes("UNIQUE constraint failed") ? new Taken() : error;
      }
      return stored;
    },
    update(organization, changed, key = changed.id) {
      const time = Math.max(now(), Date.parse(changed.update_time) + 1);
      const stored = { ...changed, update_time: new Date(time).toISOString() };
      statements.update.run(JSON.stringify(stored), kind, organization, key);
      return stored;
    },
    find(organization, key) {
      const row = statements.find.get(kind, organization, key);
      return row && document<T>(row);
    },
    remove: (organization, key) => statements.remove.run(kind, organization, key).changes > 0,
    all: () => statements.all.all(kind).map(document<T>),
    of: (organization) => statements.of.all(kind, organization).map(document<T>),
    page: (organization, size, order, from, [field, is] = ["", 0]) =>
      pages<T>([kind, organization, field || null, field, is], size, order, from),
  });
}

/** Ids look like `org_59615193906282635`. */
export const newId = (prefix: string): string =>
  `${prefix}${randomInt(10 ** 8, 10 ** 9)}${randomInt(10 ** 8, 10 ** 9)}`;

export const document = <T>(row: Record<string, unknown>): T => JSON.parse(String(row["document"]));
