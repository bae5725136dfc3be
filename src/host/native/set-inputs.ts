import type { Values } from "../../definitions/definition.ts";
import type { SetDefinition } from "../../definitions/organization-set.ts";
import { nameIn } from "../../definitions/tokens.ts";
import { isScalekitError } from "../../errors.ts";
import type { CheckFailure } from "../../lifecycle/check.ts";
import { lineOf, readLine } from "../../set/line.ts";
import { rowsOf, textOfTenants } from "../../set/tenants-text.ts";

/** The inputs of a set, of which a program may give a file, or a text that people have written, in place of the lines themselves. */
export function inputsOfSet(
  { fields }: SetDefinition,
  urn: string,
  declared: Values,
): { readonly inputs: Values } | { readonly failures: readonly CheckFailure[] } {
  const { file, tenants, ...settings } = declared;
  if (file === undefined && typeof tenants === "string") return { inputs: { ...settings, tenants: inOrder(tenants) } };
  try {
    const shared = Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in fields)));
    const own = Object.fromEntries(Object.entries(settings).filter(([name]) => name in fields));
    return { inputs: { ...own, tenants: textOfTenants(rowsOf(nameIn(urn), { file, tenants, shared })) } };
  } catch (error) {
    if (isScalekitError(error)) return { failures: [{ property: "", reason: error.message }] };
    throw error;
  }
}

/** The lines in their one form and order. One that cannot be read is left for the check to refuse. */
function inOrder(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .map(formed)
    .sort(byKey)
    .map(({ line }) => line)
    .join("\n");
}

function formed(line: string): { readonly key: string; readonly line: string } {
  try {
    const { key, args } = readLine(line.trim());
    return { key, line: lineOf(key, args) };
  } catch {
    return { key: line, line };
  }
}

const byKey = (one: { key: string }, other: { key: string }): number =>
  one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
