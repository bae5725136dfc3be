import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Emulator, FaultOptions } from "../../src/emulator/index.ts";
import { bothProviders } from "../support/both-types.ts";
import { command } from "../support/command.ts";
import { descendants, start } from "../support/crash.ts";
import { repository } from "../support/stack.ts";
import { type Stack, story } from "../support/story.ts";

/** Milliseconds. On a machine that does nothing else it takes less than 5 s. */
const soon = 100_000;
/** Longer than that, and shorter than an operation may take. */
const long = 250;

const names = ["a", "b", "c", "d", "e", "f"];
const program = Object.fromEntries(
  names.map((displayName) => [displayName, { args: { displayName, externalId: `X-${displayName}` } }]),
);

/** Presses Ctrl-C once `isReached`, and gives the milliseconds until the command has ended. */
async function interrupt(stack: Stack, isReached: () => boolean, verb = "up"): Promise<number> {
  const run = start(stack, verb);
  const exited = once(run, "exit");
  while (!isReached() && run.exitCode === null) await sleep(5);
  expect(run.exitCode).toBe(null);
  const began = Date.now();
  run.kill("SIGINT");
  await exited;
  return Date.now() - began;
}

/** The next run finishes what the interrupted one began, and makes nothing twice. */
async function expectFinished(stack: Stack, emulator: Emulator): Promise<void> {
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0 });
  const { length } = names;
  expect(
    emulator
      .organizations()
      .map((one) => one.external_id)
      .sort(),
  ).toEqual(names.map((name) => `X-${name}`));
  expect(new Set((await stack.organizations()).map(({ id }) => id))).toEqual(
    new Set(emulator.organizations().map(({ id }) => id)),
  );
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: length } });
}

const everything = { path: "/", count: 10_000 };
const waits: Record<string, FaultOptions> = {
  "a 429's pause": {
    ...everything,
    method: "POST",
    path: "/api/",
    effect: { kind: "status", status: 429, retryAfter: long },
  },
  "an answer that does not come": {
    ...everything,
    path: "/api/",
    effect: { kind: "delay", milliseconds: 2 * soon, when: "after" },
  },
  "a token": { ...everything, path: "/oauth/token", effect: { kind: "status", status: 429, retryAfter: long } },
};

story.concurrent.for(
  bothProviders.flatMap(({ provider, module }) => Object.keys(waits).map((wait) => [provider, wait, module] as const)),
)("Ctrl-C ends soon a run of %s that waits for %s", { timeout: 360_000 }, async ([, wait, module], { means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator, { module });
  await stack.write(program);
  const fault = waits[wait] as FaultOptions;
  emulator.fail(fault);
  const isReached = () => emulator.requests.some(({ status }) => status === 429) || emulator.organizations().length > 3;
  expect(await interrupt(stack, isReached)).toBeLessThan(soon);
  emulator.heal();
  await expectFinished(stack, emulator);
});

story.concurrent.for(bothProviders.map(({ provider, module }) => [provider, module] as const))(
  "Ctrl-C ends soon a program over %s whose look-up waits for a 429's pause, and leaves no process",
  { timeout: 360_000 },
  async ([, module], { means }) => {
    const emulator = await means.emulate();
    const source = `require("${module}").getOrganizations({});`;
    const stack = await means.stackOn(emulator, { source });
    emulator.fail({ ...everything, path: "/api/", effect: { kind: "status", status: 429, retryAfter: long } });
    const run = start(stack);
    const exited = once(run, "exit");
    while (!emulator.requests.some(({ status }) => status === 429)) await sleep(20);
    const below = await descendants(run.pid ?? 0);
    const began = Date.now();
    run.kill("SIGINT");
    await exited;
    expect(Date.now() - began).toBeLessThan(soon);
    while (below.some(isThere)) await sleep(100);
  },
);

story(
  "Ctrl-C ends soon a `pulumi-scalekit up` on a terminal, and the next one finishes what it began",
  { timeout: 360_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write(program);
    // The others wait for the one that is refused.
    emulator.fail({ ...(waits["a 429's pause"] as FaultOptions), skip: 3 });
    const up = [join(repository, "dist", "cli", "main.js"), "up", "--", "--yes"];
    const place = { cwd: stack.folder, env: stack.env };
    // A terminal's Ctrl-C reaches the whole group of processes.
    const run = spawn(process.execPath, up, { ...place, stdio: "ignore", detached: true });
    const exited = once(run, "exit");
    while (!emulator.requests.some(({ status }) => status === 429) && run.exitCode === null) await sleep(20);
    const began = Date.now();
    process.kill(-(run.pid ?? 0), "SIGINT");
    const [code] = await exited;
    expect(Date.now() - began).toBeLessThan(soon);
    expect(code).not.toBe(0);
    emulator.heal();
    const again = await command(up.slice(1), place);
    expect(again, again.stdout).toMatchObject({ code: 0 });
    await expectFinished(stack, emulator);
  },
);

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
