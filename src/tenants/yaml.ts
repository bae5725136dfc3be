import { isSeq, LineCounter, type ParsedNode, parseDocument, type YAMLError, type YAMLWarning } from "yaml";
import type { Problem, Reading, Row } from "./reading.ts";
import { AliasBomb, newAliasResolver, YamlProblem } from "./yaml-aliases.ts";

/** The tenants of a YAML file: a list of objects. A JSON file is one too, and gets its line numbers this way. */
export function readYaml(text: string): Reading {
  const counter = new LineCounter();
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  // Made pretty, an error would quote the file, and with it values. The parser compares each key of an object with all others.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false, merge: true });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return { rows: [], problems: broken.map((error) => ({ line: lineAt(error.pos[0]), reason: meaningOf(error) })) };
  }
  if (document.contents === null) return { rows: [], problems: [] };
  if (!isSeq<ParsedNode>(document.contents)) return { rows: [], problems: [{ reason: "must be a list of tenants" }] };

  const withoutAliases = newAliasResolver();
  const rows: Row[] = [];
  const problems: Problem[] = [];
  for (const item of document.contents.items) {
    const line = lineAt(item.range[0]);
    try {
      rows.push({ line, args: withoutAliases(item).toJS(document) });
    } catch (error) {
      if (error instanceof AliasBomb)
        return { rows: [], problems: [{ line: lineAt(error.at), reason: error.message }] };
      if (error instanceof YamlProblem) problems.push({ line: lineAt(error.at), reason: error.message });
      else if (error instanceof RangeError) problems.push({ line, reason: endless });
      else throw error;
    }
  }
  return { rows, problems };
}

const endless = "nests objects or lists too deeply";

function meaningOf({ code, message }: YAMLError | YAMLWarning): string {
  switch (code) {
    case "MULTIPLE_DOCS":
      return "a second document begins here; all tenants must be in one list";
    case "RESOURCE_EXHAUSTION":
      return endless;
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a value with a colon in it must be in quotes";
    default:
      // The text there may be a value, so the error does not repeat it.
      return message.replace(/: ["|>].*/s, "");
  }
}
