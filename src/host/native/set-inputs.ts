import type { Values } from "../../definitions/definition.ts";
import { nameIn } from "../../definitions/tokens.ts";
import { isScalekitError } from "../../errors.ts";
import type { CheckFailure } from "../../lifecycle/check.ts";
import { lineOf, readLine, textOfLines } from "../../set/line.ts";
import { rowsOf, settingsIn, textOfTenants } from "../../set/tenants-text.ts";

/** The inputs of a set. In place of the lines, a program may give a file, or a text that people have written. */
export function inputsOfSet(
  urn: string,
  declared: Values,
): { readonly inputs: Values } | { readonly failures: readonly CheckFailure[] } {
  const { file, tenants, ...settings } = declared;
  if (file === undefined && typeof tenants === "string") return { inputs: { ...settings, tenants: tidied(tenants) } };
  try {
    const { own, shared } = settingsIn(settings);
    return { inputs: { ...own, tenants: textOfTenants(rowsOf(nameIn(urn), { file, tenants, shared })) } };
  } catch (error) {
    if (isScalekitError(error)) return { failures: [{ property: "", reason: error.message }] };
    throw error;
  }
}

/** The lines in their one form and order. The check refuses a line that cannot be read. */
function tidied(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return textOfLines(lines.map(formed));
}

function formed(line: string): { readonly key: string; readonly line: string } {
  try {
    const { key, args } = readLine(line.trim());
    return { key, line: lineOf(key, args) };
  } catch {
    return { key: line, line };
  }
}
