import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { buffer } from "node:stream/consumers";
import { ScalekitError } from "../errors.ts";
import { noText, textIn } from "../text-file.ts";

/**
 * What stands in a file, or comes by stdin where that is named `-`.
 *
 * @param what how a failure names it
 */
export async function textOf(file: string, what: string): Promise<string> {
  try {
    return textIn(await (file === "-" ? buffer(process.stdin) : readFile(file)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The operating system names the file by itself.
    const named = code === noText ? `${file === "-" ? "stdin" : file}: ` : "";
    throw new ScalekitError(`Could not read ${what}: ${named}${message}`);
  }
}

/**
 * Writes all the files or none of them, and none over another unless `force` says so.
 *
 * In one go, without a pause in which a Ctrl-C could be heard, and each under another name until it is whole.
 */
export function writeAll(files: ReadonlyMap<string, string>, force: boolean): void {
  const present = [...files.keys()].filter((file) => existsSync(file));
  if (present.length > 0 && !force) {
    throw new ScalekitError(
      `${present.join(" and ")} ${present.length > 1 ? "are" : "is"} there already, and nothing was written. ` +
        "Replace with --force, or write elsewhere with --out.",
    );
  }
  const temporary = (file: string) => `${file}.${process.pid}.tmp`;
  const deaf = () => {};
  process.on("SIGINT", deaf).on("SIGTERM", deaf);
  try {
    for (const [file, content] of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(temporary(file), content);
    }
    for (const file of files.keys()) renameSync(temporary(file), file);
  } finally {
    for (const file of files.keys()) rmSync(temporary(file), { force: true });
    process.off("SIGINT", deaf).off("SIGTERM", deaf);
  }
}
