import { posix } from "node:path";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { readDefinitionComments } from "../docs/comments.mts";
import { formatted } from "./formatted.mts";
import { flagTypes, kindFile, nativeFile } from "./kind.mts";
import { lookUpNames } from "./look-ups.mts";
import { fileOf } from "./words.mts";

/** Where they are written: those of the dynamic provider, and those of the native plugin. */
const folders = { dynamic: "src/sdk/generated", native: "src/sdk/native/generated" };
export const generatedFolders: readonly string[] = Object.values(folders);

/** What they import, each with its place. */
const modules = {
  definitions: "src/definitions/index.ts",
  lookUps: "src/sdk/lookups/look-ups.ts",
  resource: "src/sdk/resource-class.ts",
  generated: folders.dynamic,
  nativeLookUps: "src/sdk/lookups/native-look-ups.ts",
  nativeResource: "src/sdk/native-resource.ts",
};
export type Modules = typeof modules;

/**
 * The source of every kind's class, its arguments and its look-ups, by path. Plain interfaces with comments, since these are
 * what editors show and compilers name in errors: types that are computed from a definition show how they are computed.
 */
export function sdkFiles(): Readonly<Record<string, string>> {
  const comments = readDefinitionComments();
  const kinds: readonly Definition[] = Object.values(definitions);
  const kindsOf = (folder: string, write: typeof kindFile) => {
    const places = Object.entries(modules).map(([name, path]) => [name, relative(folder, path)]);
    const from = Object.fromEntries(places) as Modules;
    const files = kinds.map((kind) => {
      const said = comments[kind.name];
      if (said === undefined) throw new Error(`src/definitions has no comments on ${kind.name}`);
      return [`${folder}/${fileOf(kind)}`, write(kind, said, from)] as const;
    });
    return [...files, [`${folder}/index.ts`, indexFile(kinds)] as const];
  };
  const all = [...kindsOf(folders.dynamic, kindFile), ...kindsOf(folders.native, nativeFile)];
  return Object.fromEntries(all.map(([file, text]) => [file, formatted(file, text)]));
}

const indexFile = (kinds: readonly Definition[]): string =>
  [
    "// Written by `npm run sdk` from the definitions. Change those, and run it again.",
    ...kinds.map((kind) => `export { ${exportsOf(kind).join(", ")} } from "./${fileOf(kind)}";`).sort(),
  ].join("\n");

function exportsOf(kind: Definition): string[] {
  const { functions, types } = lookUpNames(kind);
  const named = [
    ...[`${kind.name}Args`, ...flagTypes(kind), ...types].map((name) => `type ${name}`),
    kind.name,
    ...functions,
  ];
  const bare = (name: string) => name.replace("type ", "");
  return named.sort((a, b) => bare(a).localeCompare(bare(b), "en", { numeric: true }));
}

const relative = (folder: string, path: string): string => {
  const found = posix.relative(folder, path);
  return found.startsWith(".") ? found : `./${found}`;
};
