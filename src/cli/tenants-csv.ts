import { isDeepStrictEqual } from "node:util";
import type { Values } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { readCsv } from "../tenants/csv.ts";

/** The CSV file of these organizations, as a fleet reads it: by external ID, with a column for each argument and key in use. */
export function tenantsCsv(tenants: readonly Values[]): string {
  const rows = tenants.map(cellsOf).sort((a, b) => compare(a.get("externalId") ?? "", b.get("externalId") ?? ""));
  const used = new Set(rows.flatMap((row) => [...row.keys()]));
  const columns = [...used].sort((a, b) => rank(a) - rank(b) || compare(a, b));
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ""))];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
}

/** Whether a fleet would read these arguments as they are. Windows' line ends would not come back. */
export function isKeptByCsv(args: Values): boolean {
  const { rows, problems } = readCsv(tenantsCsv([args]).replaceAll(/\r\n?/g, "\n"));
  return problems.length === 0 && rows.length === 1 && isDeepStrictEqual({ ...(rows[0]?.args as object) }, { ...args });
}

/** By column. What is an object has one for each of its keys. */
function cellsOf(args: Values): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  for (const [field, value] of Object.entries(args)) {
    if (typeof value !== "object" || value === null) cells.set(field, String(value));
    else for (const [key, inner] of Object.entries(value)) cells.set(`${field}.${key}`, String(inner));
  }
  return cells;
}

/** What identifies an organization stands first, and the metadata, which may be many columns, last. */
function rank(column: string): number {
  const fields = ["externalId", ...Object.keys(organization.fields).filter((name) => name !== "metadata"), "metadata"];
  return fields.indexOf(column.split(".")[0] ?? column);
}

const quoted = (cell: string): string => (/^\s|\s$|[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
