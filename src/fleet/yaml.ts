import { isSeq, LineCounter, type ParsedNode, parseDocument, type YAMLError, type YAMLWarning } from "yaml";
import type { Problem, Reading, Row } from "./reading.ts";

/** The tenants of a YAML file: a list of objects. A JSON file is one too, and gets its line numbers this way. */
export function readYaml(text: string): Reading {
  const counter = new LineCounter();
  const lineAt = (offset: number): number => counter.linePos(offset).line;
  // Made pretty, an error would quote the file, and with it values.
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return { rows: [], problems: broken.map((error) => ({ line: lineAt(error.pos[0]), reason: meaningOf(error) })) };
  }
  if (document.contents === null) return { rows: [], problems: [] };
  if (!isSeq<ParsedNode>(document.contents)) return { rows: [], problems: [{ reason: "must be a list of tenants" }] };

  const rows: Row[] = [];
  const problems: Problem[] = [];
  for (const item of document.contents.items) {
    const line = lineAt(item.range[0]);
    try {
      rows.push({ line, args: item.toJS(document) });
    } catch (error) {
      // Of an alias: that its anchor is not there, or that it makes too much of it.
      problems.push({ line, reason: (error as Error).message });
    }
  }
  return { rows, problems };
}

function meaningOf({ code, message }: YAMLError | YAMLWarning): string {
  switch (code) {
    case "DUPLICATE_KEY":
      return "a key is there twice in one object";
    case "MULTIPLE_DOCS":
      return "a second document begins here; all tenants have to be in one list";
    case "BLOCK_AS_IMPLICIT_KEY":
      return "a value with a colon in it has to stand in quotes";
    default:
      return message;
  }
}
