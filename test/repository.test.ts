import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import manifest from "../package.json" with { type: "json" };
import { engines } from "../tools/engine/engine.mts";

const root = resolve(import.meta.dirname, "..");
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");

/** Those of this repository, and those that its examples offer to copy. */
const workflows = [".github/workflows", ...examplesWith(".github/workflows")].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
);

function examplesWith(inner: string): string[] {
  const all = readdirSync(join(root, "examples"), { recursive: true, encoding: "utf8" });
  return all
    .filter((path) => path.endsWith(inner) && !path.includes("node_modules"))
    .map((path) => join("examples", path));
}

const go = (...args: string[]) =>
  promisify(execFile)("go", args, { cwd: join(root, "tools", "workflows"), env: { ...process.env, CGO_ENABLED: "0" } });
const hasGo = await go("version").then(
  () => true,
  () => false,
);

test.skipIf(!hasGo)("actionlint finds nothing in any workflow", { timeout: 300_000 }, async () => {
  expect(workflows.length).toBeGreaterThanOrEqual(6);
  // Without the two that it runs where they happen to be installed.
  const options = ["-shellcheck=", "-pyflakes=", "-no-color"];
  const files = workflows.map((file) => join(root, file));
  const found = await go("tool", "actionlint", ...options, ...files).then(
    () => "",
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );
  expect(found).toBe("");
});

/** What GitHub asks of the forms for issues, as far as these use it. */
const form = z.strictObject({
  name: z.string(),
  description: z.string(),
  labels: z.array(z.string()),
  body: z.array(
    z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("markdown"), attributes: z.strictObject({ value: z.string() }) }),
      z.strictObject({
        type: z.enum(["textarea", "input", "dropdown"]),
        id: z.string().regex(/^[\w-]+$/),
        attributes: z.strictObject({
          label: z.string(),
          description: z.string().optional(),
          placeholder: z.string().optional(),
          render: z.string().optional(),
          options: z.array(z.string()).min(1).optional(),
        }),
        validations: z.strictObject({ required: z.boolean() }).optional(),
      }),
    ]),
  ),
});

test("the forms for issues are of GitHub's shape", () => {
  const forms = readdirSync(join(root, ".github/ISSUE_TEMPLATE")).filter((name) => name !== "config.yml");
  expect(forms).toHaveLength(2);
  for (const name of forms) expect(() => form.parse(parse(textOf(`.github/ISSUE_TEMPLATE/${name}`)))).not.toThrow();
});

test("the repository's address is the same in all of package.json", () => {
  const address = manifest.repository.url.replace(/^git\+(.*)\.git$/, "$1");
  expect(manifest.homepage).toBe(`${address}#readme`);
  expect(manifest.bugs.url).toBe(`${address}/issues`);
});

test("one version of Node.js is named: in .nvmrc, in node_modules and in the workflows", () => {
  const named = textOf(".nvmrc").trim();
  expect(manifest.devDependencies.node.split(".")[0]).toBe(named);
  for (const file of workflows) {
    const versions = [...textOf(file).matchAll(/node-version(?:-file)?: *"?([\w.]+)/g)].map(([, version]) => version);
    expect(versions, file).toSatisfy((all: string[]) => all.every((one) => [".nvmrc", named].includes(one)));
  }
});

test("the newest CLI that stories run on is of the SDK's version", () => {
  expect(manifest.devDependencies["@pulumi/pulumi"]).toBe(engines.newest.version);
});

test("a release writes every version: package.json's, and schema.json's, which is the same", () => {
  const { packages } = JSON.parse(textOf("release-please-config.json"));
  expect(packages["."]["extra-files"]).toEqual([{ type: "json", path: "schema.json", jsonpath: "$.version" }]);
  expect(JSON.parse(textOf("schema.json")).version).toBe(manifest.version);
});

/** Words at which readers stopped. CONTRIBUTING.md has the ones to use. Without the flag `i`, which would find `setOlds`. */
const whimsy =
  /\b(?:[Uu]n|[Ff]ore)?told|[a-z]Told|\bTold|[Ff]oresee|[Bb]ef[ae]ll|[Ff]ruit|[Gg]oner|[Gg]overnor|orAbsent|[Ff]luent ?[Dd]ialect|\b[Ww]hither\b|[Tt]hat of which\b/g;
const written = /\.(?:[cm]?[jt]s|go|md|py|ya?ml)$/;

/** Files of the repository by their paths, without what is installed or built. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : filesIn(path);
    return written.test(path) ? [path] : [];
  });
}

test("code, its names, messages and documents use plain words", () => {
  const documents = readdirSync(root).filter((name) => name.endsWith(".md"));
  const files = [...["src", "tools", "bench", "docs", "examples"].flatMap(filesIn), ...documents];
  expect(files.length).toBeGreaterThan(400);
  const found = files.flatMap((file) =>
    `${file}\n${textOf(file)}`
      .split("\n")
      .flatMap((line, number) => (line.match(whimsy) ?? []).map((word) => `${file}:${number}: ${word}`)),
  );
  expect(found).toEqual([]);
});
