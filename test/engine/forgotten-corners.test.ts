import { execFile } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { command } from "../support/command.ts";
import { expectSuccess, type Resource, type Run } from "../support/stack.ts";
import { type Stack, story } from "../support/story.ts";

/**
 * Ends of runs at which the program does not learn, or not in an ordinary way, what the state has. What it has is nobody's
 * to take over all the same, once the state forgets it.
 */
const customers = (count: number, more: object = {}) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `c${n}`,
      { args: { displayName: `C${n}`, externalId: `C${n}`, ...more } },
    ]),
  );

async function forget(stack: Stack): Promise<Resource[]> {
  const organizations = await stack.organizations();
  for (const { urn } of organizations) await expectSuccess(stack.pulumi("state", "delete", urn, "--force", "--yes"));
  return organizations;
}

/** That what the state has forgotten is refused to the program that declares it once more, each of it, and left as it is. */
function expectRefused(up: Pick<Run, "code" | "text">, emulator: Emulator, forgotten: readonly { id: string }[]): void {
  expect(up.code, up.text).not.toBe(0);
  expect(up.text).not.toContain("Took over");
  const text = up.text.replaceAll(/\s+/g, " ");
  for (const { id } of forgotten) expect(text).toContain(`its external ID belongs to ${id}`);
  expect(emulator.organizations().map(({ id }) => id)).toEqual(expect.arrayContaining(forgotten.map(({ id }) => id)));
}

story.concurrent("what was saved before another resource's failure ended the run", async ({ means }) => {
  const emulator = await means.emulate({ seed: [{ display_name: "Other", external_id: "late" }] });
  const stack = await means.stackOn(emulator, { source: oneAfterAnother });
  await stack.write({ ...customers(5), late: { args: { displayName: "Late", externalId: "late" } } });
  expect((await stack.up()).code).not.toBe(0);
  const forgotten = await forget(stack);
  expect(forgotten).toHaveLength(5);
  await stack.write(customers(5));
  expectRefused(await stack.up("--continue-on-error"), emulator, forgotten);
});

/** The engine kills the program as soon as one fails, and that one comes after the others. */
const oneAfterAnother = `
const { Organization } = require("pulumi-scalekit");
const { late, ...program } = require("./program.json");
const made = Object.entries(program).map(([name, { args, opts }]) => new Organization(name, args, opts));
if (late) new Organization("late", late.args, { dependsOn: made });
`;

story.concurrent.for([[], ["--continue-on-error"]])(
  "what was saved although its settings were refused (up %s)",
  async (flags, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write(customers(1, { features: { sso: true } }));
    emulator.fail({ method: "PATCH", count: 100, effect: { kind: "status", status: 403 } });
    expect((await stack.up(...flags)).code).not.toBe(0);
    emulator.heal();
    const forgotten = await forget(stack);
    expect(forgotten).toHaveLength(1);
    const up = await stack.up();
    expect(up.code, up.text).not.toBe(0);
    // With --continue-on-error a newer engine answers the program, which then notes that the state has it.
    const expected = [
      `this resource has made ${forgotten[0]?.id} already`,
      `its external ID belongs to ${forgotten[0]?.id}`,
    ];
    expect(up.text.replaceAll(/\s+/g, " ")).toMatch(new RegExp(expected.slice(0, flags.length + 1).join("|")));
    expect(emulator.organizations()).toMatchObject([{ id: forgotten[0]?.id, features: {} }]);
    await stack.write(customers(1, { features: { sso: true }, adopt: true }));
    await expectSuccess(stack.up());
    expect(emulator.organizations()).toMatchObject([{ id: forgotten[0]?.id, features: { sso: true } }]);
  },
);

story.concurrent("what `pulumi-scalekit up` saved at its end", async ({ means }) => {
  const emulator = await means.emulate({ seed: [{ display_name: "Other", external_id: "late" }] });
  const stack = await means.stackOn(emulator);
  const up = () => command(["up", "--", "--yes", "--non-interactive"], { cwd: stack.folder, env: stack.env });
  await stack.write(customers(5));
  expect(await up()).toMatchObject({ code: 0 });
  // The last one fails, and the others are there before it.
  emulator.fail({ method: "GET", count: 100, effect: { kind: "delay", milliseconds: 1000 } });
  await stack.write({ ...customers(8), late: { args: { displayName: "Late", externalId: "late" } } });
  expect(await up()).not.toMatchObject({ code: 0 });
  const forgotten = await forget(stack);
  // The first five the second run has found in the state. Of the others it saved at its end what it had made.
  expect(forgotten).toHaveLength(8);
  await stack.write(customers(8));
  expectRefused(await stack.up("--continue-on-error"), emulator, forgotten);
});

story.concurrent("what an inline program saved, whose backend and home its workspace alone has", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  await writeFile(join(stack.folder, "inline.cjs"), inlineProgram);
  // Two backends have a stack of the same name, and one process runs both.
  const first = await inline(stack, "a up", "b up");
  expect(first, first.text).toMatchObject({ code: 0 });
  const before = emulator.organizations();
  expect(before.map(({ external_id }) => external_id)).toEqual(["a", "b"]);

  const again = await inline(stack, "a forget", "a up");
  expectRefused(again, emulator, before.slice(0, 1));
  expect(emulator.organizations()).toEqual(before);
  expect(await inline(stack, "b up")).toMatchObject({ code: 0 });
  // What the two processes tell each other by is gone with the run.
  expect(await readdir(join(stack.folder, "tmp"))).toEqual([]);
});

async function inline(stack: Stack, ...acts: string[]): Promise<{ code: number; text: string }> {
  const { PULUMI_BACKEND_URL: _, PULUMI_HOME: __, ...env } = stack.env;
  const tmp = join(stack.folder, "tmp");
  await mkdir(tmp, { recursive: true });
  return new Promise((done) => {
    const options = { cwd: stack.folder, env: { ...env, HOME: stack.folder, TMPDIR: tmp } };
    execFile(process.execPath, ["inline.cjs", ...acts], options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : 1, text: `${stdout}${stderr}` }),
    );
  });
}

/** Does `BACKEND up` and `BACKEND forget`, one after another, in a process that is not the program's alone. */
const inlineProgram = `
const { mkdirSync } = require("node:fs");
const { join } = require("node:path");
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const { Organization } = require("pulumi-scalekit");
async function main() {
  for (const act of process.argv.slice(2)) {
    const [name, verb] = act.split(" ");
    const folder = join(__dirname, "backend-" + name);
    mkdirSync(folder, { recursive: true });
    const program = async () => void new Organization("megasoft", { displayName: "M", externalId: name });
    const envVars = { PULUMI_BACKEND_URL: "file://" + folder, PULUMI_HOME: join(folder, "home") };
    const of = { stackName: "test", projectName: "test", program };
    const stack = await LocalWorkspace.createOrSelectStack(of, { workDir: __dirname, envVars });
    if (verb === "up") await stack.up({ onOutput: (text) => process.stdout.write(text) });
    else await stack.importStack({ version: 3, deployment: {} });
  }
}
main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
`;
