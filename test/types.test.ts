import { join, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { definitions } from "../src/definitions/index.ts";

const root = resolve(import.meta.dirname, "..");
const file = join(root, "test", "types", "program.ts");

/** A user's program with the package as it is installed: its declaration files, under a strict compiler. */
const program = ts.createProgram([file], {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
});
const checker = program.getTypeChecker();

test("arguments and outputs have the types that a program expects", () => {
  const source = program.getSourceFile(file);
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
});

test("editors show the comment of every argument and every output", () => {
  const entry = program.getSourceFiles().find(({ fileName }) => fileName === join(root, "dist", "index.d.ts"));
  const module = entry && checker.getSymbolAtLocation(entry);
  const exported = new Map(module && checker.getExportsOfModule(module).map((one) => [one.name, one]));
  const commentsOf = (name: string) => {
    const type = checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(exported.get(name) as ts.Symbol));
    const properties = checker.getPropertiesOfType(type);
    return new Map(properties.map((one) => [one.name, one.getDocumentationComment(checker).length > 0]));
  };
  const silent: string[] = [];
  for (const { name, fields, outputs } of Object.values(definitions)) {
    const args = commentsOf(`${name}Args`);
    const properties = commentsOf(name);
    for (const field of Object.keys(fields)) if (!args.get(field)) silent.push(`${name}Args.${field}`);
    for (const output of Object.keys({ ...fields, ...outputs }))
      if (!properties.get(output)) silent.push(`${name}.${output}`);
  }
  expect(silent).toEqual([]);
});
