import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../support/stack.ts";

/** What a process that runs `script` prints, of the built package. */
const run = async (script: string, env: NodeJS.ProcessEnv = {}): Promise<string> =>
  (await runAll(script, env)).stdout.trim();

function runAll(script: string, env: NodeJS.ProcessEnv = {}) {
  const options = { cwd: repository, env: { ...process.env, ...env } };
  return promisify(execFile)(process.execPath, ["-e", script], options);
}

/** What of other packages and of Node's SQLite is loaded once the command is through. */
async function loadedBy(...args: string[]): Promise<string> {
  const { stderr } = await runAll(`
    process.argv = ["node", "pulumi-scalekit", ...${JSON.stringify(args)}];
    process.on("exit", () => {
      console.log = console.error;
      ${packagesLoaded}
      console.error(process.moduleLoadList.filter((name) => name === "NativeModule sqlite").join());
    });
    require("./dist/cli/main.js");`);
  return stderr.trim();
}

const packagesLoaded = `console.log(["undici", "zod", "csv-parse", "yaml", "commander", "hono", "@pulumi/pulumi"].filter((name) =>
  Object.keys(require.cache).some((file) => file.replaceAll("\\\\\\\\", "/").includes("node_modules/" + name + "/"))).join(" "))`;

test.each(["pulumi-scalekit", "pulumi-scalekit/Organization"])("%s is a few files and no packages", async (name) => {
  const [files, packages] = (
    await run(`
    require("@pulumi/pulumi");
    const before = Object.keys(require.cache).length;
    require("${name}");
    console.log(Object.keys(require.cache).length - before);
    ${packagesLoaded}`)
  ).split("\n");
  expect(Number(files)).toBeLessThan(10);
  expect(packages).toBe("@pulumi/pulumi");
});

test("a program that looks nothing up does not load the HTTP client", async () => {
  const script = 'require("pulumi-scalekit"); console.log(Object.keys(require.cache).join("\\n"))';
  const texts = await Promise.all(
    (await run(script))
      .split("\n")
      .filter((file) => !file.includes("node_modules"))
      .map((file) => readFile(file, "utf8")),
  );
  const isThere = (text: string) => text.includes("undici/LICENSE");
  expect(texts.filter(isThere)).toEqual([]);
  expect(isThere(await readFile(join(repository, "dist/chunk-client.js"), "utf8"))).toBe(true);
});

test.each([
  ["export", /hono|sqlite/],
  ["import", /hono|sqlite/],
  ["drift", /hono|sqlite/],
  ["doctor", /hono|sqlite/],
  ["up", /undici|hono|sqlite/],
  ["guard", /undici|hono|sqlite/],
  ["emulator", /undici|hono|sqlite/],
])("the command %s loads what it works with, and not %j", async (name, others) => {
  const loaded = await loadedBy(name, "--help");
  expect(loaded).toContain("commander");
  expect(loaded).not.toMatch(others);
});

test.each([[], ["--help"], ["--version"], ["--help", "emulator"], ["nonsense"]])(
  "only the emulator that runs loads a database: %j",
  async (...args) => {
    expect(await loadedBy(...args).catch(({ stderr }) => stderr)).not.toMatch(/sqlite|hono/);
  },
);

test("the help has every command, wherever it is asked for", async () => {
  for (const args of [["--help"], ["--help", "guard"], ["help"]]) {
    const help = await run(
      `process.argv = ["node", "pulumi-scalekit", ...${JSON.stringify(args)}]; require("./dist/cli/main.js")`,
    );
    for (const name of ["export", "import", "drift", "up", "guard", "doctor", "emulator"]) {
      expect(help).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  }
});

test("Node.js 22's warning about its database is not passed on, and others are", async () => {
  const { stderr } = await runAll(`
    const { getBuiltinModule } = process;
    process.getBuiltinModule = (name) => {
      process.emitWarning("SQLite is an experimental feature and might change at any time", "ExperimentalWarning");
      process.emitWarning("The disk is full of warnings", "OtherWarning");
      return getBuiltinModule(name);
    };
    require("pulumi-scalekit/emulator").startEmulator().then((emulator) => {
      process.emitWarning("Passed on afterwards");
      return emulator.close();
    });`);
  expect(stderr).toMatch(/OtherWarning: The disk is full of warnings[\s\S]*Passed on afterwards/);
  expect(stderr).not.toMatch(/SQLite/);
});

test.each([
  ["host", ["undici/LICENSE", "undici/lib/milo/LICENSE.md", "undici/lib/web/fetch/LICENSE", "zod/LICENSE"]],
  [
    ".",
    [
      "csv-parse/LICENSE",
      "undici/LICENSE",
      "undici/lib/milo/LICENSE.md",
      "undici/lib/web/fetch/LICENSE",
      "yaml/LICENSE",
      "zod/LICENSE",
    ],
  ],
  [
    "../plugin",
    expect.arrayContaining(["google-protobuf/LICENSE.md", "grpc-js/LICENSE", "undici/LICENSE", "zod/LICENSE"]),
  ],
])("%s comes with the licenses of what it holds of others", async (place, files) => {
  const path = join(repository, "dist", place);
  const inside = (await readdir(path)).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(inside.map((name) => readFile(join(path, name), "utf8")));
  const licensed = texts.flatMap((text) =>
    [...text.matchAll(/^\/\*!\n(\S+LICENSE\S*)\n\n[^*]*Copyright/gm)].map(([, file]) => file),
  );
  expect([...new Set(licensed)].sort()).toEqual(files);
});

test("the provider is kept compiled in the user's own folder, where Node.js may, and works where it cannot", async () => {
  const home = await mkdtemp(join(tmpdir(), "pulumi-scalekit-home-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const loaded = `require("pulumi-scalekit/Organization"); require("node:module").flushCompileCache()`;
  await run(loaded, { PULUMI_HOME: home, NODE_COMPILE_CACHE: undefined });
  expect(await readdir(join(home, "scalekit", "compiled"))).toHaveLength(1);
  await run(loaded, { PULUMI_HOME: "/dev/null", NODE_COMPILE_CACHE: undefined });
});
