import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "./support/stack.ts";

/** What npm says of an installation, with this repository's settings, of a package that wants a newer Node.js than there is. */
async function install(dependencies: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-npmrc-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await copyFile(join(repository, ".npmrc"), join(folder, ".npmrc"));
  await mkdir(join(folder, "newer"));
  const newer = { name: "newer", version: "1.0.0", engines: { node: ">=99" } };
  await writeFile(join(folder, "newer", "package.json"), JSON.stringify(newer));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  // `npm test` hands its own settings on in variables.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return new Promise<{ failed: boolean; text: string }>((done) => {
    execFile("npm", ["install", "--offline"], { cwd: folder, env }, (error, stdout, stderr) =>
      done({ failed: error !== null, text: `${stdout}${stderr}` }),
    );
  });
}

test("npm shows a newcomer no wall of warnings about Node.js, and errors all the same", async () => {
  const { failed, text } = await install({ newer: "file:newer" });
  expect(failed, text).toBe(false);
  expect(text).not.toContain("EBADENGINE");
  expect(text.trim().split("\n").length).toBeLessThanOrEqual(3);
  const broken = await install({ "pulumi-scalekit": "0.0.1-never" });
  expect(broken.failed).toBe(true);
  expect(broken.text).toContain("npm error code ENOTCACHED");
});
