import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { expect, onTestFinished, test } from "vitest";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";

const root = resolve(import.meta.dirname, "../..");
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

test("a compiler that cannot read the declarations is refused, by name, and takes nothing for any", async () => {
  // The one that comes with Pulumi, for projects that have none.
  const load = createRequire(import.meta.filename);
  const old = load("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js") as typeof ts;
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-types-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  const importing = join(folder, "index.ts");
  const entries = ["", "/policy", "/emulator", "/provider", "/provider/resources"];
  await writeFile(
    importing,
    entries.map((entry, index) => `import * as _${index} from "pulumi-scalekit${entry}";`).join("\n"),
  );
  const options = { module: ts.ModuleKind.CommonJS, skipLibCheck: true, noEmit: true, types: [] };
  const problems = old.createProgram([importing], { ...options, moduleResolution: 2 }).getSemanticDiagnostics();
  const messages = problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
  expect(messages).toHaveLength(entries.length);
  for (const message of messages) expect(message).toMatch(/needs-typescript-5\.0-or-newer\.d\.ts' is not a module/);
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
    const shown = Object.keys(fields).filter(
      (field) => (fields as Definition["fields"])[field]?.fallback === undefined,
    );
    for (const output of [...shown, ...Object.keys(outputs)])
      if (!properties.get(output)) silent.push(`${name}.${output}`);
  }
  expect(silent).toEqual([]);
});
