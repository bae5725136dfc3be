import { statSync } from "node:fs";
import { extname } from "node:path";
import { noText, readText } from "../text/text-file.ts";
import { readCsv } from "./csv.ts";
import type { Reading } from "./reading.ts";
import { readYaml } from "./yaml.ts";

/** What a list may be. */
export interface FileLimits {
  /** A file of this size is surely not a list of tenants. */
  readonly megabytes: number;
  /** What it belongs to: "fleet", "set". */
  readonly owner: string;
  /** Columns besides an organization's arguments. */
  readonly more?: readonly string[];
}

const formats: Readonly<Record<string, (text: string, more?: readonly string[]) => Reading>> = {
  ".csv": readCsv,
  ".json": (text) => readYaml(text),
  ".yaml": (text) => readYaml(text),
  ".yml": (text) => readYaml(text),
};

/** Reads a list's file in the format that its name says. It returns what is wrong, and throws nothing. */
export function readTenantsFile(file: string, { megabytes, owner, more }: FileLimits): Reading {
  const read = formats[extname(file).toLowerCase()];
  if (read === undefined)
    return refused(`has no known format; its name must end in one of ${Object.keys(formats).join(", ")}`);
  try {
    const { size } = statSync(file);
    if (size > megabytes * 1e6) {
      return refused(`has ${(size / 1e6).toFixed(1)} MB; a ${owner}'s file may have ${megabytes} MB`);
    }
    // Windows' line ends would count double where they are mixed with others, and stay in values that have several lines.
    const reading = read(readText(file).replaceAll(/\r\n?/g, "\n"), more);
    // A file that was cut short must not take every organization with it.
    return reading.rows.length + reading.problems.length > 0 ? reading : refused("holds no tenants");
  } catch (error) {
    return refused(obstacle(error as NodeJS.ErrnoException));
  }
}

const refused = (reason: string): Reading => ({ rows: [], problems: [{ reason }] });

function obstacle({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOENT":
      return `does not exist; a relative path begins at ${process.cwd()}`;
    case noText:
      return "is not UTF-8; save it as “CSV UTF-8” in the spreadsheet";
    default:
      return `cannot be read: ${message}`;
  }
}
