import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/**
 * Where a page begins: beside what, by its place in the table, in the order of the list; or `at` how many from the
 * beginning.
 */
export type Cursor = { readonly after: number } | { readonly before: number } | { readonly at: number };

export interface Page<T> {
  readonly items: T[];
  /** Where the next page and the one before begin, if they hold anything. */
  readonly next: Cursor | undefined;
  readonly previous: Cursor | undefined;
  /** How many there are on all pages. */
  readonly total: number;
}

/** Pages of a table's documents, as far as a condition goes. */
export function cursorPages(database: DatabaseSync, table: string, condition = "TRUE") {
  const select = `SELECT place, document FROM ${table} WHERE ${condition} AND place`;
  const older = database.prepare(`${select} < ? ORDER BY place DESC LIMIT ?`);
  const newer = database.prepare(`${select} > ? ORDER BY place LIMIT ?`);
  const every = `SELECT document FROM ${table} WHERE ${condition} ORDER BY place`;
  const counted = {
    newest: database.prepare(`${every} DESC LIMIT ? OFFSET ?`),
    oldest: database.prepare(`${every} LIMIT ? OFFSET ?`),
  };
  const count = database.prepare(`SELECT count(*) AS size FROM ${table} WHERE ${condition}`);

  return <T>(
    of: readonly SQLInputValue[],
    size: number,
    order: "newest" | "oldest",
    from: Cursor | undefined,
  ): Page<T> => {
    const total = Number(count.get(...of)?.["size"]);
    const parsed = (row: Record<string, unknown>) => JSON.parse(String(row["document"])) as T;
    if (from !== undefined && "at" in from) {
      return {
        items: counted[order].all(...of, size, from.at).map(parsed),
        next: from.at + size < total ? { at: from.at + size } : undefined,
        previous: from.at > 0 ? { at: Math.max(0, from.at - size) } : undefined,
        total,
      };
    }
    const backwards = from !== undefined && "before" in from;
    const [following, preceding] = order === "newest" ? [older, newer] : [newer, older];
    const start = order === "newest" ? Number.MAX_SAFE_INTEGER : 0;
    const rows = backwards
      ? preceding.all(...of, from.before, size).reverse()
      : following.all(...of, from?.after ?? start, size);
    const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row?.["place"]));
    return {
      items: rows.map(parsed),
      next: last && following.get(...of, last, 1) ? { after: last } : undefined,
      total,
      previous: first && preceding.get(...of, first, 1) ? { before: first } : undefined,
    };
  };
}
