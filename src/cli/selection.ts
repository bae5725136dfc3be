import { type Command, InvalidArgumentError } from "commander";
import type { Live } from "../api/codec.ts";
import { ScalekitError } from "../errors.ts";
import { isSelected } from "../provider/selection.ts";
import { textOf } from "./files.ts";

/** Which organizations a command is about, as its options say. */
export interface SelectionOptions {
  externalIdPrefix?: string;
  metadata?: Record<string, string>;
  idsFrom?: string;
}

export const addSelectionOptions = (command: Command): Command =>
  command
    .option("--external-id-prefix <text>", "only those whose external ID begins with this")
    .option("--metadata <key=value>", "only those with this pair; may be repeated, and all must match", pair)
    .option("--ids-from <file>", "only those named in this file, one id or external ID per line; - reads stdin");

/** Those of `all` that the options select. Throws if the file names one that is not there. */
export async function selected(all: readonly Live[], options: SelectionOptions): Promise<Live[]> {
  const named = options.idsFrom === undefined ? undefined : await namedIn(options.idsFrom, all);
  return all.filter((organization) => isSelected(organization, options) && (named?.has(organization.id) ?? true));
}

async function namedIn(file: string, all: readonly Live[]): Promise<Set<string>> {
  const ids = new Map(all.map(({ id, externalId }) => [String(externalId ?? id), id]));
  for (const { id } of all) ids.set(id, id);
  const named = new Set<string>();
  const missing: string[] = [];
  for (const [at, line] of (await textOf(file, file)).split(/\r?\n/).entries()) {
    const id = ids.get(line) ?? ids.get(line.trim());
    if (id !== undefined) named.add(id);
    else if (line.trim() !== "") missing.push(`line ${at + 1}: ${line.trim()}`);
  }
  if (missing.length > 0) {
    const shown = missing.slice(0, 10).map((one) => `\n  ${one}`);
    const more = missing.length > 10 ? `\n  and ${missing.length - 10} more` : "";
    throw new ScalekitError(`${file} names organizations that are not in the environment:${shown.join("")}${more}`);
  }
  return named;
}

function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("write it as key=value");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
