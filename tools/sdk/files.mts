import { posix } from "node:path";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { readDefinitionComments } from "../docs/comments.mts";
import { formatted } from "./formatted.mts";
import { flagTypes, kindFile } from "./kind.mts";
import { lookUpNames } from "./look-ups.mts";

/** Where they are written. */
export const folder = "src/sdk/generated";

/** What they import, each with its place. */
const modules = {
  definitions: "src/definitions/index.ts",
  lookUps: "src/sdk/lookups/look-ups.ts",
  resource: "src/sdk/resource-class.ts",
};
export type Modules = typeof modules;

/**
 * The source of every kind's class, its arguments and its look-ups, by path. Plain interfaces with comments, since these are
 * what editors show and compilers name in errors: types that are computed from a definition show how they are computed.
 */
export function sdkFiles(): Readonly<Record<string, string>> {
  const comments = readDefinitionComments();
  const kinds: readonly Definition[] = Object.values(definitions);
  const from = Object.fromEntries(Object.entries(modules).map(([name, path]) => [name, relative(path)])) as Modules;
  const files = kinds.map((kind) => {
    const said = comments[kind.name];
    if (said === undefined) throw new Error(`src/definitions has no comments on ${kind.name}`);
    return [fileOf(kind), kindFile(kind, said, from)] as const;
  });
  const all = [...files, ["index.ts", indexFile(kinds)] as const];
  return Object.fromEntries(all.map(([file, text]) => [`${folder}/${file}`, formatted(`${folder}/${file}`, text)]));
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

/** `organization-role.ts` */
const fileOf = ({ name }: Definition): string =>
  `${name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase()}.ts`;

const relative = (path: string): string => {
  const found = posix.relative(folder, path);
  return found.startsWith(".") ? found : `./${found}`;
};
