import { parseJson } from "../text/json.ts";
import { readText } from "../text/text-file.ts";
import type { SemanticsOptions } from "./options.ts";
import { semanticsOf } from "./semantics.ts";

/** The switches in a JSON file: alone, or as `semantics` of what `pulumi-scalekit probe` has written. */
export function readSemantics(file: string): SemanticsOptions {
  try {
    const found = parseJson(readText(file));
    const isProbed = typeof found === "object" && found !== null && "semantics" in found;
    const switches = (isProbed ? found.semantics : found) as SemanticsOptions;
    semanticsOf(switches);
    return switches;
  } catch (error) {
    throw new Error(`the semantics file ${file || '""'} cannot be used: ${(error as Error).message}`);
  }
}

/** Every switch as it is where nothing is said of it. */
export const defaultSemantics: SemanticsOptions = semanticsOf({});
