import { spawn } from "node:child_process";
import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

/** As far as a run asks it: an empty stack, nothing to do, and an update that ends in order when it is told to end. */
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

test.each([
  [["--", "--stack", "dev"]],
  [["--stack", "prod", "--", "--stack=dev"]],
  [["--", "-s", "dev", "--yes"]],
  [["--", "-C", "elsewhere"]],
  [["--", "--cwd=elsewhere"]],
  [["--", "-c", "other:on=true"]],
])("another stack than the one that is looked at is refused: %j", async (args) => {
  const { run } = await workplace();
  const ended = await run("up", ...args);
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/give --stack before the --, run it in the project's folder/);
});

test("a run that is told to end lets pulumi end in order, and waits for it", async () => {
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
