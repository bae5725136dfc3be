import { chmod } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { command } from "../support/command.ts";
import { workplace } from "../support/workplace.ts";

interface Printed {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Both commands that ask Pulumi for a preview, where it is what is given. The stack is empty, and an update says that it ran. */
async function begin({ code = 0, stdout = "", stderr = "" }: Printed) {
  const { folder, env, write } = await workplace();
  const pulumi = `#!/usr/bin/env node
const [verb] = process.argv.slice(2);
if (verb === "stack") console.log('{"deployment":{}}');
if (verb === "up") console.log("updated");
if (verb === "preview") {
  process.stdout.write(${JSON.stringify(stdout)});
  process.stderr.write(${JSON.stringify(stderr)});
  process.exitCode = ${code};
}
`;
  await write("pulumi", pulumi);
  await chmod(join(folder, "pulumi"), 0o755);
  const place = { cwd: folder, env: { ...env, PATH: [folder, env["PATH"]].join(delimiter) } };
  return { up: () => command(["up"], place), guard: () => command(["guard", "--max-deletes", "9"], place) };
}

const preview = (diagnostics?: readonly object[]) =>
  JSON.stringify({ steps: [], ...(diagnostics && { diagnostics }), changeSummary: {} });
const errors = [
  { severity: "warning", message: "warning: old" },
  { severity: "error", message: "error: one is wrong\n" },
  { severity: "error", message: "error: two is wrong\n" },
];

const looking = "Looking at what the program declares …\n";
const passes = { code: 0, stderr: "" };

describe("a preview that fails", () => {
  test("is told with its errors", async () => {
    const { up, guard } = await begin({ code: 1, stdout: preview(errors), stderr: "noise" });
    expect(await up()).toEqual({
      code: 1,
      stdout: "",
      stderr: `${looking}pulumi-scalekit: \`pulumi preview\` ended with 1:\nerror: one is wrong\nerror: two is wrong\n`,
    });
    expect(await guard()).toEqual({
      code: 1,
      stdout: "",
      stderr: "pulumi-scalekit: `pulumi preview --json` ended with 1: one is wrong; two is wrong\n",
    });
  });

  test("before there is any is told with what Pulumi says instead", async () => {
    const { up, guard } = await begin({ code: 6, stderr: "error: no stack named 'prod' found\n" });
    expect((await up()).stderr).toBe(
      `${looking}pulumi-scalekit: \`pulumi preview\` ended with 6:\nerror: no stack named 'prod' found\n`,
    );
    expect((await guard()).stderr).toBe(
      "pulumi-scalekit: `pulumi preview --json` ended with 6: no stack named 'prod' found\n",
    );
  });

  test("without an error in its diagnostics is told with what Pulumi says instead", async () => {
    const { up, guard } = await begin({ code: 1, stdout: preview(), stderr: "error: out of memory\n" });
    expect((await up()).stderr).toBe(
      `${looking}pulumi-scalekit: \`pulumi preview\` ended with 1:\nerror: out of memory\n`,
    );
    expect((await guard()).stderr).toBe("pulumi-scalekit: `pulumi preview --json` ended with 1\n");
  });
});

describe("a preview that does not", () => {
  test.each([["{"], [""], ["{}"], ["null"]])("but prints what is none: %j", async (stdout) => {
    const { up, guard } = await begin({ stdout });
    // Of null, it says what JavaScript does.
    expect(await up()).toMatchObject({ code: stdout === "null" ? 1 : 0 });
    expect(await guard()).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "pulumi-scalekit: what `pulumi preview --json` printed is not a preview: give what `pulumi preview --json` writes.\n",
    });
  });

  test("but has errors", async () => {
    const { up, guard } = await begin({ stdout: preview(errors) });
    expect(await up()).toMatchObject({ code: 0, stdout: "updated\n" });
    expect(await guard()).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "pulumi-scalekit: The preview in what `pulumi preview --json` printed failed, and may not name all that would go: one is wrong; two is wrong\n",
    });
  });

  test("and has warnings only", async () => {
    const { up, guard } = await begin({ stdout: preview(errors.slice(0, 1)), stderr: "warning: old\n" });
    expect(await up()).toEqual({ code: 0, stdout: "updated\n", stderr: looking });
    expect(await guard()).toMatchObject(passes);
  });
});
