import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { onTerminal } from "../support/terminal.ts";
import { workplace } from "../support/workplace.ts";

const commands = ["export", "import", "drift", "up", "guard", "doctor", "probe", "emulator", "completion"];

test.each(["export", "import", "drift", "guard", "doctor", "probe"])(
  "%s explains itself: examples, --json and exit codes",
  async (name) => {
    const { run } = await workplace();
    const { code, stdout } = await run(name, "--help");
    expect(code).toBe(0);
    expect(stdout).toContain(`\n  $ pulumi-scalekit ${name}`);
    expect(stdout).toContain("--json");
    expect(stdout).toMatch(/Exit codes: 0 /);
  },
);

test("up explains its conditions, with examples and exit codes", async () => {
  const { run } = await workplace();
  const { code, stdout } = await run("up", "--help");
  expect(code).toBe(0);
  expect(stdout).toContain("\n  $ pulumi-scalekit up --stack prod -- --yes");
  expect(stdout).toMatch(/external ID[\s\S]*journal[\s\S]*Exit codes: /);
});

test("a mistaken option is reported on stderr, with the way to the help", async () => {
  const { run } = await workplace();
  const ended = await run("export", "--outt", "x");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/unknown option '--outt'[\s\S]*run with --help/);
});

test("the command names all that it can do", async () => {
  const { run } = await workplace();
  const { stdout } = await run("--help");
  expect([...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name]) => name)).toEqual([...commands, "help"]);
});

describe.each([[], ...commands.map((name) => [name])])("help %s", (...name) => {
  test("fits 80 columns, in a file and on a wide terminal", async () => {
    const { run, folder, env } = await workplace();
    const { code, stdout } = await run(...name, "--help");
    expect(code).toBe(0);
    expect(tooWide(stdout)).toEqual([]);
    const { text } = await onTerminal([...name, "--help"], { cwd: folder, env, columns: 200 });
    expect(tooWide(text)).toEqual([]);
  });

  test("has colours on a terminal alone, and only where none of the usual ways forbids them", async () => {
    const { run, folder, env } = await workplace();
    expect((await run(...name, "--help")).stdout).not.toContain("\u001b");
    const shown = async (more: NodeJS.ProcessEnv, ...args: string[]) =>
      (await onTerminal([...name, "--help", ...args], { cwd: folder, env: { ...env, ...more } })).text;
    expect(await shown({})).toContain("\u001b[1mUsage:");
    expect(await shown({ NO_COLOR: "1" })).not.toContain("\u001b");
    expect(await shown({}, "--no-color")).not.toContain("\u001b");
    expect(await shown({ FORCE_COLOR: "1" }, "--no-color")).not.toContain("\u001b");
  });
});

test("FORCE_COLOR colours a file too, and an error is red", async () => {
  const { run, env } = await workplace();
  env["FORCE_COLOR"] = "1";
  expect((await run("export", "--help")).stdout).toContain("\u001b[1mUsage:");
  expect((await run("export", "--outt")).stderr).toContain("\u001b[31m");
  expect((await run("drift", "--state", "missing.json")).stderr).toContain(
    "\u001b[31mpulumi-scalekit:\u001b[39m Could",
  );
});

const tooWide = (text: string): string[] => text.split(/\r?\n/).filter((line) => stringWidth(line) > 80);
