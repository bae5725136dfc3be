import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { coverage } from "../src/emulator/index.ts";
import { coverageDocument } from "../tools/docs/coverage.mts";
import { notOffered } from "../tools/docs/not-offered.mts";
import { referenceDocument } from "../tools/docs/reference.mts";
import { schemaFile, schemaText } from "../tools/schema/schema.mts";
import { generatedFolders, sdkFiles } from "../tools/sdk/files.mts";

const root = resolve(import.meta.dirname, "..");

/** Whether a document is what the code says now. The message is short, since what differs is for `git diff` to show. */
function expectFresh(file: string, written: string): void {
  const committed = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
  expect(committed === written, `${file} is out of date: run \`npm run docs\` and commit what it writes`).toBe(true);
}

test("docs/reference.md is what the definitions say", () => {
  expectFresh("docs/reference.md", referenceDocument());
});

test("the generated classes are what the definitions say", () => {
  const files = sdkFiles();
  for (const [file, written] of Object.entries(files)) expectFresh(file, written);
  expect(
    generatedFolders.flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)).sort(),
  ).toEqual(Object.keys(files).sort());
});

test(`${schemaFile} is what the definitions say`, () => {
  expectFresh(schemaFile, schemaText());
});

test("docs/coverage.md is what the emulator serves and the provider asks for", async () => {
  expectFresh("docs/coverage.md", await coverageDocument());
});

/** Scalekit's own document lies beside the repository, where it is at all: it is no part of this project. */
const document = ["..", "../../shared"].map((folder) => join(root, folder, "scalekit-openapi.json")).find(existsSync);
const about =
  /^\/api\/v1\/(organizations|permissions|roles|connections|memberships|invites)\b|^\/api\/v1\/users(?!\/\{user_id\}\/)/;

test.runIf(document)(
  "every endpoint about organizations that Scalekit documents is served, or named with a reason",
  () => {
    const { paths } = JSON.parse(readFileSync(document ?? "", "utf8")) as { paths: Record<string, object> };
    const documented = Object.entries(paths)
      .filter(([path]) => about.test(path))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const offered = coverage.map(({ method, path }) => `${method} ${path}`);
    const named = notOffered.flatMap(({ endpoints, status }) => (status === "public" ? endpoints : []));
    expect([...offered, ...named].sort()).toEqual(documented.sort());
  },
);

test("the documents read in a narrow window, and the README in a few minutes", () => {
  const textOf = (file: string) => readFileSync(join(root, file), "utf8");
  const documents = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md"));
  for (const file of ["README.md", "CONTRIBUTING.md", ...documents.map((one) => `docs/${one}`)]) {
    const wide = textOf(file)
      .split("\n")
      .filter((line) => line.startsWith("|") && line.length > 200);
    expect(wide, file).toEqual([]);
  }
  expect(textOf("README.md").split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(1300);
});
