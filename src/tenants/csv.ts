import { type CsvError, type Info, parse } from "csv-parse/sync";
import { protectionField } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { checkArgs } from "../lifecycle/check.ts";

import type { Problem, Reading } from "./reading.ts";

/**
 * The tenants of a CSV file: a header of arguments in any order, with a column for each key of metadata and each feature;
 * then one tenant in each record. An empty cell is a value that is not set, since CSV has no other way to leave one out.
 */
export function readCsv(text: string, more: readonly string[] = []): Reading {
  const plain = [...ownColumns, ...more];
  const { delimiter, rest } = delimiterOf(text, plain);
  const { records, broken } = recordsOf(rest, delimiter);
  const [header, ...tenants] = records;
  if (header === undefined) return { rows: [], problems: broken };
  const { line, cells: columns } = header;
  const refused = problemsWith(columns, plain);
  if (columns.length === 1 && refused[0] !== undefined && /[^\w.]/.test(columns[0] ?? ""))
    return { rows: [], problems: [{ line, reason: undivided }, ...broken] };
  const missing = ["externalId", "displayName"].filter((name) => !columns.includes(name));
  const whole = tenants.filter(({ cells }) => cells.length === columns.length);
  const miscounted = tenants.filter(({ cells }) => cells.length !== columns.length);

  // Each row would only repeat what is wrong with its columns.
  const good = columns.map((column, index) => (refused[index] === undefined ? column : ""));
  return {
    rows: missing.length > 0 ? [] : whole.map(({ line, cells }) => ({ line, args: argsOf(good, cells, plain) })),
    problems: [
      ...missing.map((name) => ({ line, reason: `the header has no column ${name}` })),
      ...refused.flatMap((reason) => (reason === undefined ? [] : [{ line, reason }])),
      ...miscounted.map(({ line, cells }) => ({ line, reason: miscount(cells.length, columns.length, delimiter) })),
      ...broken,
    ],
  };
}

interface CsvRecord {
  /** The line on which it begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records that hold anything, up to the first misplaced quote: nothing after it can be trusted. */
function recordsOf(text: string, delimiter: string): { records: CsvRecord[]; broken: Problem[] } {
  const errors: CsvError[] = [];
  const parsed = parse(text, {
    delimiter,
    info: true,
    relaxColumnCount: true,
    trim: true,
    skipRecordsWithError: true,
    onSkip: (error) => void (error && errors.push(error)),
  }) as unknown as { record: string[]; info: Info }[];

  const [error] = errors;
  const end = error === undefined ? Number.POSITIVE_INFINITY : Number(error["lines"]);
  let line = 1;
  const records: CsvRecord[] = [];
  for (const { record, info } of parsed) {
    if (info.lines >= end) break;
    if (record.some((cell) => cell !== "")) records.push({ line, cells: record });
    // The parser gives the line on which a record ended, and a quoted cell may hold several lines.
    line = info.lines + 1;
  }
  return { records, broken: error === undefined ? [] : [{ line, reason: misquotation(error) }] };
}

/** The delimiter of a file, and the file without the line that may say it. Lines keep their numbers. */
function delimiterOf(text: string, plain: readonly string[]): { delimiter: string; rest: string } {
  const [said, , delimiter] = /^\s*("?)sep=([^\w\s"]|\t)\1[^\S\n]*(?:\n|$)/i.exec(text) ?? [];
  if (said === undefined || delimiter === undefined) return { delimiter: guessedDelimiter(text, plain), rest: text };
  return { delimiter, rest: said.replaceAll(/[^\n]/g, "") + text.slice(said.length) };
}

/** Spreadsheets write semicolons where the comma is the decimal sign, and tabs when asked for text. */
function guessedDelimiter(text: string, plain: readonly string[]): string {
  const guesses = [",", ";", "\t"].map((delimiter) => {
    const columns = headerOf(text, delimiter);
    const good = problemsWith(columns, plain).filter((problem) => problem === undefined);
    return { delimiter, good: good.length, all: columns.length };
  });
  const [best] = guesses.sort((a, b) => b.good - a.good || b.all - a.all);
  return best?.delimiter ?? ",";
}

/** The header if `delimiter` stands between its columns, and nothing if that cannot be. */
function headerOf(text: string, delimiter: string): string[] {
  try {
    const [header = []] = parse(text, {
      delimiter,
      to: 1,
      trim: true,
      relaxColumnCount: true,
      skipRecordsWithEmptyValues: true,
    });
    return header;
  } catch {
    return [];
  }
}

/** What is wrong with each column, if anything. */
function problemsWith(columns: readonly string[], plain: readonly string[]): (string | undefined)[] {
  const before = new Set<string>();
  return columns.map((column, index) => {
    if (column === "") return `column ${index + 1} has no name`;
    if (before.has(column)) return `the column ${column} appears twice`;
    before.add(column);
    return problemWith(column, plain);
  });
}

function problemWith(column: string, plain: readonly string[]): string | undefined {
  const ordinary = Object.entries(ordinaryValues).find(([group]) => column.startsWith(`${group}.`))?.[1];
  if (ordinary !== undefined) {
    // The key is right if a tenant with an ordinary value for it would be.
    const [failure] = checkArgs(organization, { displayName: "x", ...argsOf([column], [ordinary], plain) });
    return failure && `${column} ${failure.reason}`;
  }
  if (plain.includes(column)) return undefined;
  const meant = plain.find((name) => bare(name) === bare(column));
  const key = column === "metadata" ? "KEY" : (column.split(".").pop() ?? "");
  const suggested = column === "features" ? "features.NAME" : isFeature(key) ? `features.${key}` : `metadata.${key}`;
  return `${column} is none of the columns ${plain.join(", ")}, metadata.KEY and features.NAME; did you mean ${meant ?? suggested}?`;
}

/** Arguments of which each column is one pair, such as `metadata.tier`, with a value that any of them may have. */
const ordinaryValues = { metadata: "x", features: "true" };
/** The columns that are arguments of an organization themselves. */
const ownColumns: readonly string[] = [...Object.keys(organization.fields), "adopt"].filter(
  (name) => !(name in ordinaryValues),
);
const { rule } = organization.fields.features;
const isFeature = (name: string): boolean => rule.type === "flags" && name in rule.of;

/** `external_id` and `Display Name` are what spreadsheets have. */
const bare = (name: string): string => name.replaceAll(/[^a-z]/gi, "").toLowerCase();

function argsOf(
  columns: readonly string[],
  cells: readonly string[],
  plain: readonly string[],
): Record<string, unknown> {
  const filled = columns
    .map((column, index) => [column, cells[index] ?? ""] as const)
    .filter(([column, cell]) => column !== "" && cell !== "");
  const args = filled
    .filter(([column]) => plain.includes(column))
    .map(([column, cell]) => [column, cellValue(column, cell)]);
  const groups = Object.keys(ordinaryValues).flatMap((group) => {
    // A key may itself hold dots.
    const pairs = filled
      .filter(([column]) => column.startsWith(`${group}.`))
      .map(([column, cell]) => [column.slice(group.length + 1), cellValue(column, cell)]);
    return pairs.length > 0 ? [[group, Object.fromEntries(pairs)]] : [];
  });
  return Object.fromEntries([...args, ...groups]);
}

/** Spreadsheets write TRUE and FALSE. */
const cellValue = (column: string, cell: string): unknown =>
  isFlag(column) && /^(true|false)$/i.test(cell) ? cell.toLowerCase() === "true" : cell;

const isFlag = (column: string): boolean =>
  column === "adopt" || column === protectionField || column.startsWith("features.");

const miscount = (cells: number, columns: number, delimiter: string): string => {
  const counted = `has ${cells} ${cells === 1 ? "cell" : "cells"}, and the header has ${columns}`;
  const name = delimiterNames.get(delimiter) ?? delimiter;
  if (cells > columns) return `${counted}; a cell with ${name} in it must be in quotes`;
  return delimiter === "," ? counted : `${counted}; the delimiter is ${name} here`;
};

const undivided =
  "the header is a single column: commas, semicolons and tabs divide columns, and any other character if the first line is sep= and that character";

const delimiterNames = new Map([
  [",", "a comma"],
  [";", "a semicolon"],
  ["\t", "a tab"],
]);

const misquotation = ({ code }: CsvError): string =>
  code === "CSV_QUOTE_NOT_CLOSED"
    ? "a quote is opened and never closed"
    : "a quote is inside a cell: put the whole cell in quotes, and double those inside it";
