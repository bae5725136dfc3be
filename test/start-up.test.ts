import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "./support/stack.ts";

/** What a process that runs `script` prints, of the built package. */
async function run(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const options = { cwd: repository, env: { ...process.env, ...env } };
  return (await promisify(execFile)(process.execPath, ["-e", script], options)).stdout.trim();
}

const packagesLoaded = `console.log(["undici", "zod", "csv-parse", "yaml", "commander", "hono", "@pulumi/pulumi"].filter((name) =>
  Object.keys(require.cache).some((file) => file.replaceAll("\\\\\\\\", "/").includes("node_modules/" + name + "/"))).join(" "))`;

test("a program that looks nothing up does not load the HTTP client", async () => {
  expect(await run(`require("pulumi-scalekit"); ${packagesLoaded}`)).not.toMatch(/undici|commander|hono/);
});

test.each(["provider", "provider/resources"])("pulumi-scalekit/%s is a few files and no packages", async (name) => {
  const script = `require("pulumi-scalekit/${name}"); console.log(Object.keys(require.cache).length); ${packagesLoaded}`;
  const [files, packages] = (await run(script)).split("\n");
  expect(Number(files)).toBeLessThan(10);
  expect(packages ?? "").toBe("");
});

test("the provider comes with the licenses of what it holds of others", async () => {
  const text = await readFile(join(repository, "dist/providers.js"), "utf8");
  const licensed = [...text.matchAll(/^\/\*!\n(.+)\n\n\w+ License\n\nCopyright/gim)].map(([, file]) => file);
  const files = ["zod/LICENSE", "undici/LICENSE", "undici/lib/milo/LICENSE.md", "undici/lib/web/fetch/LICENSE"];
  expect(licensed.sort()).toEqual(files.sort());
});

test("the provider is kept compiled in the user's own folder, where Node.js may, and works where it cannot", async () => {
  const home = await mkdtemp(join(tmpdir(), "pulumi-scalekit-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const loaded = `require("pulumi-scalekit/provider"); require("node:module").flushCompileCache()`;
  await run(loaded, { PULUMI_HOME: home, NODE_COMPILE_CACHE: undefined });
  expect(await readdir(join(home, "scalekit", "compiled"))).toHaveLength(1);
  await run(loaded, { PULUMI_HOME: "/dev/null", NODE_COMPILE_CACHE: undefined });
});
