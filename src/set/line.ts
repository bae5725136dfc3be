import type { Values } from "../definitions/definition.ts";
import { propertyPath } from "../lifecycle/check.ts";

/**
 * A tenant on one line of a set's text: its external ID, its display name, and its other arguments in the order of their paths, as
 * `CUST-7,Megasoft Inc,metadata.tier=gold`. Every tenant has the same form whatever others declare, so a preview shows the
 * lines of those that change and no others.
 *
 * The engine's cost grows with every value that it can tell apart, so it gets one text for all.
 */
export function lineOf(key: string, args: Values): string {
  const { externalId, displayName, ...rest } = args;
  // A refresh may find that somebody gave the organization another external ID, or none.
  const moved = externalId === key ? [] : [`externalId=${textOf(externalId)}`];
  const cells = Object.entries(rest).flatMap(([name, value]) => cellsOf(name, value));
  return [key, textOf(displayName), ...[...moved, ...cells].sort()].map(cellOf).join(",");
}

/** The tenant of a line. Throws a SyntaxError that says what is wrong with it. */
export function readLine(line: string): Tenant {
  const [key = "", displayName = "", ...cells] = cellsIn(line);
  if (key === "") throw new SyntaxError("the line does not begin with an external ID");
  const args: Record<string, unknown> = { externalId: key };
  if (displayName !== "") args["displayName"] = displayName;
  for (const cell of cells) take(args, cell);
  return { key, args };
}

/** The external ID that a line begins with. */
export function keyOf(line: string): string {
  if (line.startsWith('"')) return cellsIn(line)[0] ?? "";
  const end = line.indexOf(",");
  return end === -1 ? line : line.slice(0, end);
}

export interface Tenant {
  /** The external ID by which the set knows it. */
  readonly key: string;
  readonly args: Values;
}

/** Those with these external IDs, in the one order that a set has them in. */
export const inOrder = <T extends { readonly key: string }>(all: readonly T[]): T[] =>
  all.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));

/** The text with the lines of these tenants, which may be in any order. */
export const textOfLines = (all: readonly { readonly key: string; readonly line: string }[]): string =>
  inOrder(all)
    .map(({ line }) => line)
    .join("\n");

/** The cells of a line: plain, or in the form of JSON if a cell holds what would divide it. */
export function cellsIn(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  const cell = /(?:^|,)(?:("(?:[^"\\]|\\.)*")(?=,|$)|((?!")[^,]*))/gy;
  for (let at = 0; at < line.length; at = cell.lastIndex) {
    const found = cell.exec(line);
    if (found === null) throw new SyntaxError("the line has a quote that does not end");
    cells.push(found[1] === undefined ? (found[2] ?? "") : (JSON.parse(found[1]) as string));
  }
  return cells;
}

export const cellOf = (text: string): string => (needsQuotes.test(text) ? JSON.stringify(text) : text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: a line must hold no control character
const needsQuotes = /^"|^\s|\s$|[,\u0000-\u001f\u007f\u2028\u2029]/;

function cellsOf(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [`${name}=${textOf(value)}`];
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  // An empty map is declared too, and clears what is there.
  if (entries.length === 0) return [`${name}=`];
  return entries.map(([key, inner]) => `${pathOf(name, key)}=${textOf(inner)}`);
}

/** Tens of thousands of tenants have the same few keys. */
function pathOf(name: string, key: string): string {
  const known = paths.get(name) ?? new Map<string, string>();
  paths.set(name, known);
  const path = known.get(key) ?? propertyPath([name, key]);
  if (known.size < 1000) known.set(key, path);
  return path;
}

const paths = new Map<string, Map<string, string>>();

const textOf = (value: unknown): string => (value === undefined ? "" : String(value));

function take(args: Record<string, unknown>, cell: string): void {
  const [, name = "", plain, quoted, value = ""] =
    /^([A-Za-z]\w*)(?:\.([A-Za-z_$][\w$]*)|\[("(?:[^"\\]|\\.)*")\])?=(.*)$/s.exec(cell) ?? [];
  if (name === "") throw new SyntaxError(`the line has a cell without the name of an argument`);
  const key = quoted === undefined ? plain : (JSON.parse(quoted) as string);
  if (key !== undefined) {
    args[name] ??= {};
    const map = args[name] as object;
    Object.defineProperty(map, key, {
      value: read(name, value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (maps.includes(name) && value === "") args[name] ??= {};
  else if (value === "") delete args[name];
  else args[name] = read(name, value);
}

const maps = ["metadata", "features"];
const flags = ["adopt", "deletionProtection", "features"];

const read = (name: string, text: string): unknown => (flags.includes(name) ? text === "true" : text);
