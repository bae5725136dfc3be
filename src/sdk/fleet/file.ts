import { statSync } from "node:fs";
import { extname } from "node:path";
import { noText, readText } from "../../text/text-file.ts";
import { readCsv } from "./csv.ts";
import type { Reading } from "./reading.ts";
import { readYaml } from "./yaml.ts";

/** Room for tens of thousands of tenants, more than one stack can well hold. A larger file is another file. */
export const maximumMegabytes = 10;

const formats: Readonly<Record<string, (text: string) => Reading>> = {
  ".csv": readCsv,
  ".json": readYaml,
  ".yaml": readYaml,
  ".yml": readYaml,
};

/** Reads a fleet's file in the format that its name says. Nothing that is wrong with it is thrown. */
export function readTenantsFile(file: string): Reading {
  const read = formats[extname(file).toLowerCase()];
  if (read === undefined)
    return refused(`has no known format; its name must end in one of ${Object.keys(formats).join(", ")}`);
  try {
    const { size } = statSync(file);
    if (size > maximumMegabytes * 1e6) {
      return refused(`has ${(size / 1e6).toFixed(1)} MB; a fleet's file may have ${maximumMegabytes} MB`);
    }
    // Windows' line ends would count double where they are mixed with others, and stay in values that have several lines.
    const reading = read(readText(file).replaceAll(/\r\n?/g, "\n"));
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
