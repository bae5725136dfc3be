import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** Beside what a page is, by its place in the table, in the order of the list. */
export type Cursor = { readonly after: number } | { readonly before: number };

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
  const count = database.prepare(`SELECT count(*) AS size FROM ${table} WHERE ${condition}`);

  return <T>(
    of: readonly SQLInputValue[],
    size: number,
    order: "newest" | "oldest",
    from: Cursor | undefined,
  ): Page<T> => {
    const backwards = from !== undefined && "before" in from;
    const [following, preceding] = order === "newest" ? [older, newer] : [newer, older];
    const start = order === "newest" ? Number.MAX_SAFE_INTEGER : 0;
    const rows = backwards
      ? preceding.all(...of, from.before, size).reverse()
      : following.all(...of, from?.after ?? start, size);
    const [first, last] = [rows[0], rows.at(-1)].map((row) => Number(row?.["place"]));
    return {
      items: rows.map((row) => JSON.parse(String(row["document"])) as T),
      next: last && following.get(...of, last, 1) ? { after: last } : undefined,
      total: Number(count.get(...of)?.["size"]),
      previous: first && preceding.get(...of, first, 1) ? { before: first } : undefined,
    };
  };
}
