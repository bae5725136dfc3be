import { expect, test } from "vitest";
import { workplace } from "../support/workplace.ts";

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

test("a mistaken option is told on stderr, with the way to the help", async () => {
  const { run } = await workplace();
  const ended = await run("export", "--outt", "x");
  expect(ended).toMatchObject({ code: 1, stdout: "" });
  expect(ended.stderr).toMatch(/unknown option '--outt'[\s\S]*run with --help/);
});
