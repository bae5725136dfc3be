import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { type Stack, story } from "../support/story.ts";

/** How often each way of dying is tried. `npm run soak` raises it. */
const rounds = Number(process.env["CRASH_ROUNDS"] ?? 1);
const size = 100;
const customers = Array.from({ length: size }, (_, n) => `customer-${n}`);

const ways = {
  "Ctrl-C": async (pid: number) => void process.kill(pid, "SIGINT"),
  "kill -9 of the CLI": async (pid: number) => void process.kill(pid, "SIGKILL"),
  "kill -9 of the CLI, the program and the provider": async (pid: number) => {
    for (const one of [pid, ...(await descendants(pid))]) kill(one);
  },
};

story.concurrent.for(
  Object.entries(ways).flatMap(([name, end]) => Array.from({ length: rounds }, (_, n) => [name, n + 1, end] as const)),
)(
  "a run of 100 organizations that ends by %s is finished by the next (round %i)",
  { timeout: 300_000 },
  async ([, , end], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write(
      Object.fromEntries(customers.map((name) => [name, { args: { displayName: name, externalId: name } }])),
    );
    const reached = await endAt(Math.floor(Math.random() * size), end, stack, emulator);

    // What the README tells a user to do: a CLI that was killed leaves its lock in the backend.
    const cancel = await stack.pulumi("cancel", "--yes");
    if (cancel.text.includes("failed to load checkpoint")) {
      // The engine's file backend was ended between the state and the attributes of its file, which now are empty.
      await rm(join(stack.folder, ".pulumi", "stacks", "test", "test.json.attrs"));
      await stack.pulumi("cancel", "--yes");
    }
    const up = await stack.up();
    expect(up, `ended at ${reached}: ${up.text}`).toMatchObject({ code: 0 });
    expect(
      emulator
        .organizations()
        .map((one) => one.external_id)
        .sort(),
    ).toEqual([...customers].sort());
    const known = (await stack.organizations()).map(({ id }) => id);
    expect(known.sort()).toEqual(
      emulator
        .organizations()
        .map(({ id }) => id)
        .sort(),
    );
    const refresh = await stack.refresh("--clear-pending-creates", "--expect-no-changes");
    expect(refresh, refresh.text).toMatchObject({ code: 0 });
    const again = await stack.up("--expect-no-changes");
    expect(again, again.text).toMatchObject({ code: 0 });
    expect(again.text).not.toContain("pending operations");
  },
);

/** Starts an up and ends it a random moment after `count` organizations are there. */
async function endAt(count: number, end: (pid: number) => Promise<void>, stack: Stack, emulator: Emulator) {
  const up = spawn("pulumi", ["up", "--yes", "--skip-preview", "--non-interactive"], {
    cwd: stack.folder,
    env: stack.env,
    stdio: "ignore",
  });
  const exited = once(up, "exit");
  while (emulator.organizations().length < count && up.exitCode === null) await sleep(2);
  await sleep(Math.random() * 100);
  const reached = emulator.organizations().length;
  const below = await descendants(up.pid ?? 0);
  if (up.exitCode === null) await end(up.pid ?? 0);
  await exited;
  // A provider whose engine was killed goes on for ever, and finishes what it was about.
  await sleep(200);
  for (const pid of below) kill(pid);
  return reached;
}

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const pairs = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
