import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { ScalekitError } from "../errors.ts";

/**
 * What stands in a file, or comes by stdin where that is named `-`.
 *
 * @param what how a failure names it
 */
export async function textOf(file: string, what: string): Promise<string> {
  try {
    return await (file === "-" ? text(process.stdin) : readFile(file, "utf8"));
  } catch (error) {
    throw new ScalekitError(`Could not read ${what}: ${(error as Error).message}`);
  }
}
