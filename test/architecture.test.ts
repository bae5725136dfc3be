import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const textOf = (file: string): string => readFileSync(join(src, file), "utf8");

/** Imports as written, with those that vanish at run time marked. */
function importsOf(file: string): { from: string; typeOnly: boolean }[] {
  return [...textOf(file).matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"/gms)].map((match) => ({
    from: match[2] ?? "",
    typeOnly: match[1] !== undefined,
  }));
}

const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from }) => relative(src, resolve(src, dirname(file), from)));

/** From the user's surface down to errors. A file imports only from its own layer and the ones below. */
const layers = [
  ["index.ts"],
  ["cli/"],
  ["policy/"],
  ["fleet/"],
  ["generated/"],
  ["organization.ts"],
  ["resource-class.ts"],
  ["origin.ts", "owed.ts", "saved.ts", "inline.ts", "user-frames.ts"],
  ["host/"],
  ["provider.ts", "resource-provider.ts"],
  ["connection.ts"],
  ["lookups/", "compile-cache.ts", "engine.ts"],
  ["lifecycle/"],
  ["program-settings.ts"],
  ["config.ts"],
  ["backend.ts"],
  ["api/"],
  ["definitions/"],
  ["schema.ts"],
  ["resource.ts", "errors.ts", "node-version.ts", "text-file.ts", "json.ts"],
  ["visible.ts"],
];
const layerOf = (file: string): number =>
  layers.findIndex((names) => names.some((name) => (name.endsWith("/") ? file.startsWith(name) : file === name)));

test("every file has a layer, and imports only from its own and the ones below", () => {
  const wrong: string[] = [];
  for (const file of files.filter((name) => !name.startsWith("emulator/"))) {
    if (layerOf(file) === -1) wrong.push(`${file} has no layer`);
    for (const target of localImportsOf(file)) {
      const allowed = target.startsWith("emulator/") ? file.startsWith("cli/") : layerOf(target) >= layerOf(file);
      if (!allowed) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("every file is short enough to read at one sitting", () => {
  expect(files.filter((file) => textOf(file).split("\n").length > 250)).toEqual([]);
});

test("the wire's names are spoken only where the wire is", () => {
  const spoken: string[] = [];
  // Those of secrets are prefixes of vendors' keys, and names of metadata.
  const named = ["api/wire.ts", "policy/secrets.ts", "policy/personal-data.ts"];
  for (const file of files.filter((name) => !named.includes(name) && !name.startsWith("emulator/"))) {
    const code = textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "");
    // Error, token and page answers are read in api/ by the names that the wire's schemas give them.
    const allowed = file.startsWith("api/") ? /^(error_|request_|validation_|field_|access_|expires_|next_page)/ : /^$/;
    for (const [name] of code.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)) {
      if (!allowed.test(name)) spoken.push(`${file}: ${name}`);
    }
  }
  expect(spoken).toEqual([]);
});

test("the emulator shares no code with the rest, but for how a file becomes text and JSON", () => {
  for (const file of files.filter((name) => name.startsWith("emulator/"))) {
    const others = localImportsOf(file).filter((target) => !target.startsWith("emulator/"));
    expect(others.filter((target) => !["text-file.ts", "json.ts"].includes(target))).toEqual([]);
  }
});

test("only what users write loads Pulumi at run time", () => {
  const loading = files.filter((file) =>
    importsOf(file).some(({ from, typeOnly }) => from.startsWith("@pulumi/") && !typeOnly),
  );
  expect(loading.sort()).toEqual([
    "fleet/fleet.ts",
    "fleet/tenants.ts",
    "lookups/lookups.ts",
    "lookups/resource-lookups.ts",
    "lookups/run.ts",
    "organization.ts",
    "origin.ts",
    "owed.ts",
    "policy/pack.ts",
    "policy/rule.ts",
    "program-settings.ts",
    "resource-class.ts",
    "saved.ts",
  ]);
});

test("policies know the limits and the type, and nothing that reaches the network or the provider", () => {
  const known = ["schema.ts", "resource.ts", "errors.ts", "node-version.ts", "lifecycle/check.ts"];
  known.push("definitions/definition.ts", "definitions/index.ts", "lifecycle/resource-check.ts");
  for (const file of files.filter((name) => name.startsWith("policy/"))) {
    const others = localImportsOf(file).filter((target) => !target.startsWith("policy/"));
    const typesOnly = importsOf(file)
      .filter(({ typeOnly }) => typeOnly)
      .map(({ from }) => from.split("/").at(-1));
    expect(others.filter((target) => !known.includes(target) && !typesOnly.includes(target.split("/").at(-1)))).toEqual(
      [],
    );
  }
});

test("no list becomes the arguments of a call that takes any number, for a long one is too many for the stack", () => {
  const spreading = /\.(?:push|unshift|concat|max|min|fromCharCode)\(\s*(?:[^(){}]*,\s*)?\.\.\./;
  expect(files.filter((file) => spreading.test(textOf(file)))).toEqual([]);
});

test("only config.ts reads the environment", () => {
  expect(files.filter((file) => /process\.env\b/.test(textOf(file)))).toEqual(["config.ts"]);
});

test("the engine that is built is the one that is named", () => {
  const named = /engineVersion = "([^"]+)"/.exec(readFileSync(join(root, "tools/engine/engine.mts"), "utf8"))?.[1];
  const modules = readFileSync(join(root, "tools/engine/go.mod"), "utf8");
  expect(modules).toContain(`github.com/pulumi/pulumi/pkg/v3 v${named}`);
  expect(modules).toContain(`github.com/pulumi/pulumi/sdk/v3 v${named}`);
});
