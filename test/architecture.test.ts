import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { engines } from "../tools/engine/engine.mts";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const textOf = (file: string): string => readFileSync(join(src, file), "utf8");

/** Imports and re-exports as written, with those that vanish at run time marked. */
function importsOf(file: string): { from: string; typeOnly: boolean }[] {
  const statements =
    /^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gms;
  return [...textOf(file).matchAll(statements)].map(([, type, from, bare, dynamic]) => ({
    from: from ?? bare ?? dynamic ?? "",
    typeOnly: type !== undefined,
  }));
}

const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter(({ from }) => from.startsWith("."))
    .map(({ from }) => relative(src, resolve(src, dirname(file), from)));

/** A folder of src, or a file that is in none. */
const partOf = (file: string): string => file.split("/")[0] ?? file;

/** From what users write down to errors. A part imports only from those below it. The emulator stands apart. */
const layers = [
  "index.ts",
  "cli",
  "probe",
  "policy",
  "sdk",
  "host",
  "provider",
  "set",
  "tenants",
  "lifecycle",
  "api",
  "definitions",
  "config",
  "errors.ts",
  "text",
  "node-version.ts",
];

test("every part of src has a layer, and imports only from the ones below, types too", () => {
  expect([...new Set(files.map(partOf))].sort()).toEqual([...layers, "emulator"].sort());
  const wrong: string[] = [];
  for (const file of files.filter((name) => partOf(name) !== "emulator")) {
    const own = layers.indexOf(partOf(file));
    for (const target of localImportsOf(file)) {
      const below = layers.indexOf(partOf(target));
      const isAllowed = below === -1 ? partOf(file) === "cli" && target === "emulator/index.ts" : below >= own;
      if (!isAllowed) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** Each circle once, as the names along it. */
function circlesIn(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(" → "));
    if (path.includes(name) || done.has(name)) return;
    for (const next of arrows.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of arrows.keys()) visit(name, []);
  return circles;
}

test("no files import each other in a circle, types included", () => {
  expect(circlesIn(new Map(files.map((file) => [file, localImportsOf(file)])))).toEqual([]);
});

test("no folders import each other in a circle, types included", () => {
  const arrows = new Map<string, string[]>();
  for (const file of files) {
    const others = localImportsOf(file).map(dirname);
    const from = arrows.get(dirname(file)) ?? [];
    // The files that stand in src itself are not of one matter: each is checked as a layer above.
    arrows.set(dirname(file), [...from, ...others.filter((to) => to !== dirname(file) && to !== ".")]);
  }
  expect(circlesIn(arrows)).toEqual([]);
});

test("src has at most four files outside its folders", () => {
  expect(files.filter((file) => !file.includes("/")).length).toBeLessThanOrEqual(4);
});

test("every file is short enough to read at one sitting", () => {
  expect(files.filter((file) => textOf(file).split("\n").length > 250)).toEqual([]);
});

test("the wire's names are spoken only where the wire is", () => {
  const spoken: string[] = [];
  // Those of secrets are prefixes of vendors' keys, and names of metadata.
  const named = ["api/codec.ts", "api/answers.ts", "policy/secrets.ts", "policy/personal-data.ts"];
  // The probe asks what the client's names would hide.
  const elsewhere = /^(emulator|probe)\//;
  for (const file of files.filter((name) => !named.includes(name) && !elsewhere.test(name))) {
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
    expect(others.filter((target) => !["text/text-file.ts", "text/json.ts"].includes(target))).toEqual([]);
  }
});

test("only what users write loads Pulumi at run time, and the plugin, which is bundled with it", () => {
  const own = files.filter((file) => !file.startsWith("host/native/"));
  const loading = own.filter((file) =>
    importsOf(file).some(({ from, typeOnly }) => from.startsWith("@pulumi/") && !typeOnly),
  );
  expect(loading.sort()).toEqual([
    "policy/pack.ts",
    "sdk/aliases.ts",
    "sdk/declared-args.ts",
    "sdk/fleet/base-fleet.ts",
    "sdk/lookups/look-ups.ts",
    "sdk/lookups/native-look-ups.ts",
    "sdk/lookups/run.ts",
    "sdk/native-resource.ts",
    "sdk/native/provider.ts",
    "sdk/origin.ts",
    "sdk/owed.ts",
    "sdk/pending.ts",
    "sdk/program-settings.ts",
    "sdk/provider-defaults.ts",
    "sdk/resource-class.ts",
    "sdk/saved.ts",
    "sdk/selection/organizations.ts",
    "sdk/set/base-set.ts",
  ]);
});

test("policies know the limits and the type, and nothing that reaches the network or the provider", () => {
  const known = [
    "errors.ts",
    "node-version.ts",
    "lifecycle/check.ts",
    "lifecycle/state.ts",
    // The text of a set, in which the tenants stand that a policy judges.
    "set/line.ts",
    "set/members.ts",
  ];
  for (const file of files.filter((name) => name.startsWith("policy/"))) {
    const others = localImportsOf(file).filter((target) => !/^(policy|definitions)\//.test(target));
    expect(others.filter((target) => !known.includes(target))).toEqual([]);
  }
});

test("no list becomes the arguments of a call that takes any number, for a long one is too many for the stack", () => {
  const spreading = /\.(?:push|unshift|concat|max|min|fromCharCode)\(\s*(?:[^(){}]*,\s*)?\.\.\./;
  expect(files.filter((file) => spreading.test(textOf(file)))).toEqual([]);
});

test("only config reads the environment", () => {
  const reading = files.filter((file) => /process\.env\b/.test(textOf(file)));
  expect(reading.filter((file) => partOf(file) !== "config")).toEqual([]);
});

test.each(Object.values(engines))("the engine that is built, $version, is the one that $modules names", (engine) => {
  const modules = readFileSync(join(root, "tools/engine", engine.modules), "utf8");
  expect(modules).toContain(`github.com/pulumi/pulumi/pkg/v3 v${engine.version}`);
  expect(modules).toContain(`github.com/pulumi/pulumi/sdk/v3 v${engine.version}`);
});
