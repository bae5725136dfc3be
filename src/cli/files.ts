import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { ScalekitError } from "../errors.ts";
import { noText, textIn } from "../text/text-file.ts";

/**
 * The text of a file, or of stdin if the name is `-`.
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
