import { execFile, spawn } from "node:child_process";
import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { harmless, readFlags } from "../../src/cli/pulumi-flags.ts";
import { repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

/** As far as a run asks it: an empty stack, nothing to do, and an update that ends in order when it is asked to end. */
const pulumi = `#!/usr/bin/env node
const [verb] = process.argv.slice(2);
if (verb === "stack") console.log('{"deployment":{}}');
if (verb === "preview") console.log('{"steps":[]}');
if (verb === "up") {
  const running = setTimeout(() => {}, 120_000);
  process.on("SIGTERM", () => {
    console.log("saved");
    clearTimeout(running);
  });
  console.log("running");
}
`;

/** A `pulumi` that prints what its `up` was given. */
const recording = `#!/usr/bin/env node
const [verb] = process.argv.slice(2);
if (verb === "stack") console.log('{"deployment":{}}');
if (verb === "preview") console.log('{"steps":[]}');
if (verb === "up") console.log(JSON.stringify(process.argv.slice(2)));
`;

test.each([
  [["--", "--stack", "dev"]],
  [["--stack", "prod", "--", "--stack=dev"]],
  [["--", "-s", "dev", "--yes"]],
  [["--", "-C", "elsewhere"]],
  [["--", "--cwd=elsewhere"]],
  [["--", "-c", "other:on=true"]],
  [["--", "-yC", "elsewhere"]],
  [["--", "-yCelsewhere"]],
  [["--", "-Celsewhere"]],
  [["--", "-C=elsewhere"]],
  [["--", "-yfs", "dev"]],
  [["--", "-ysdev"]],
  [["--", "-ryc", "other:on=true"]],
  [["--", "--config-file", "other.yaml"]],
  [["--", "--override-env", "one=other"]],
  [["--", "--client", "127.0.0.1:1"]],
  [["--", "--remote"]],
  [["--", "--of-a-pulumi-to-come"]],
])("another stack than the one that is looked at is refused: %j", async (args) => {
  const { run } = await workplace();
  const ended = await run("up", ...args);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/give --stack before the --, run it in the project's folder/);
});

test.each([
  [["other-template"]],
  [["--", "--yes", "other-template"]],
  [["--", "--yes", "--", "other-template"]],
  [["--", "--refresh", "false"]],
  [["--", "-y", "-m", "message", "other-template"]],
])("a template in place of the project is refused: %j", async (args) => {
  const { run } = await workplace();
  const ended = await run("up", ...args);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/runs? a template, which this command did not check/);
});

test("what is refused is reported without its value, which may be a secret", async () => {
  const { run } = await workplace();
  for (const args of [["--config=scalekit:clientSecret=hush-hush"], ["-yc", "scalekit:clientSecret=hush-hush"]]) {
    const { stderr } = await run("up", "--", ...args);
    expect(stderr).toContain("--config can make");
    expect(stderr).not.toContain("hush-hush");
  }
});

test.each([
  [["--yes"], true],
  [["-ry"], true],
  [["-fyp4"], true],
  [["-p", "4", "--message", "-y"], false],
  [["-my"], false],
  [["--yes=false"], false],
  [["--target", "**", "--diff", "-y"], true],
])(
  "flags that leave the stack be go to pulumi as they are, and one preview is enough with --yes: %j",
  async (args, once) => {
    const { folder, run, write, env } = await workplace();
    await write("pulumi", recording);
    await chmod(join(folder, "pulumi"), 0o755);
    env["PATH"] = [folder, env["PATH"]].join(delimiter);
    const { code, stdout } = await run("up", "--stack", "dev", "--", ...args);
    expect({ code, given: stdout.split("\n")[0] }).toEqual({
      code: 0,
      given: JSON.stringify(["up", "--stack", "dev", ...(once ? ["--skip-preview"] : []), ...args]),
    });
  },
);

test("flags are read as the real `pulumi up` has them: those that take a value, those that do not, and letters", async () => {
  const { env } = await workplace();
  const { stdout } = await promisify(execFile)("pulumi", ["up", "--help"], { env });
  const flags = [...stdout.matchAll(/^ {2,6}(?:-(\w), | {4})--([\w-]+) ([^ ]*)(?: {2,}|$)/gm)];
  const others = ["config", "config-file", "config-path", "cwd", "override-env", "secrets-provider", "stack"];
  // A newer Pulumi may have more.
  const known = flags.filter(([, , name = ""]) => harmless.has(name) || others.includes(name));
  expect(known.length).toBeGreaterThan(40);
  for (const [, letter, name = "", type = ""] of known) {
    const optional = type === "" || type.includes("[");
    expect(readFlags([`--${name}`, "word"]), name).toEqual(
      optional ? { flags: [{ name }], words: ["word"] } : { flags: [{ name, value: "word" }], words: [] },
    );
    if (letter) expect(readFlags([`-y${letter}`, "word"]).flags[1]?.name).toBe(name);
  }
});

test("a run that is asked to end lets pulumi end in order, and waits for it", async () => {
  const { folder, env, write } = await workplace();
  await write("pulumi", pulumi);
  await chmod(join(folder, "pulumi"), 0o755);
  const child = spawn(process.execPath, [join(repository, "dist", "cli", "main.js"), "up"], {
    cwd: folder,
    env: { ...env, PATH: [folder, env["PATH"]].join(delimiter) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (text.includes("running")) child.kill("SIGTERM");
  });
  const code = await new Promise((done) => child.on("close", done));
  expect({ code, printed }).toEqual({ code: 0, printed: "running\nsaved\n" });
});
