import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = resolve(import.meta.dirname, "../..");

/** Every declaration file that a compiler reads for `entry`, with the packages that each names. */
function reachedFrom(entry: string): Map<string, string[]> {
  const reached = new Map<string, string[]>();
  const waiting = [join(root, entry)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(readFileSync(file, "utf8"), true, true);
    const named = [...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName);
    const local = named.filter((name) => name.startsWith("."));
    reached.set(
      file,
      named.filter((name) => !local.includes(name)),
    );
    for (const name of local) {
      const target = resolve(dirname(file), name.replace(/\.ts$/, ".d.ts"));
      if (!existsSync(target)) throw new Error(`${relative(root, file)} names ${name}, which is not there`);
      waiting.push(target);
    }
  }
  return reached;
}

/** What programs, policy packs and tests import. The two providers are for the engine's host alone, which reads no types. */
const entries = [".", "./native", "./policy", "./emulator"] as const;

test("every entry is looked at, but for those that no program imports", () => {
  const others = Object.keys(manifest.exports).filter((name) => !entries.some((entry) => entry === name));
  expect(others).toEqual(["./package.json", "./*"]);
});

test.each(entries)("the declarations of %s name no package but Pulumi's", (entry) => {
  const reached = reachedFrom(manifest.exports[entry].types);
  expect(reached.size).toBeGreaterThan(3);
  const others = [...reached].flatMap(([file, names]) =>
    names.filter((name) => !name.startsWith("@pulumi/")).map((name) => `${relative(root, file)}: ${name}`),
  );
  expect(others).toEqual([]);
});
