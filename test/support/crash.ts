import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { Emulator } from "../../src/emulator/index.ts";
import type { Stack } from "./story.ts";

/** How a run may end before its time, by its process. */
export const ways = {
  "Ctrl-C": async (pid: number) => void process.kill(pid, "SIGINT"),
  "kill -9 of the CLI": async (pid: number) => void process.kill(pid, "SIGKILL"),
  "kill -9 of the CLI, the program and the provider": async (pid: number) => {
    for (const one of [pid, ...(await descendants(pid))]) kill(one);
  },
};

/** Starts a run and ends it a random moment after `count` of something are there, of organizations by default. */
export async function endAt(
  count: number,
  end: (pid: number) => Promise<void>,
  stack: Stack,
  of: Pick<Emulator, "organizations"> | (() => number),
  verb = "up",
) {
  const there = typeof of === "function" ? of : () => of.organizations().length;
  const run = start(stack, verb);
  const exited = once(run, "exit");
  while (there() < count && run.exitCode === null) await sleep(2);
  await sleep(Math.random() * 100);
  const reached = there();
  const below = await descendants(run.pid ?? 0);
  if (run.exitCode === null) await end(run.pid ?? 0);
  await exited;
  // A provider whose engine was killed ends by itself, later than this (orphan.test.ts).
  await sleep(200);
  for (const pid of below) kill(pid);
  return reached;
}

/** What the README tells a user to do: a CLI that was killed leaves its lock in the backend. */
export async function unlock(stack: Pick<Stack, "folder" | "pulumi">): Promise<void> {
  const cancel = await stack.pulumi("cancel", "--yes");
  if (!cancel.text.includes("failed to load checkpoint")) return;
  // The engine's file backend was ended between the state and the attributes of its file, which now are empty.
  await rm(join(stack.folder, ".pulumi", "stacks", "test", "test.json.attrs"));
  await stack.pulumi("cancel", "--yes");
}

/** A run that is not waited for. */
export const start = (stack: Pick<Stack, "folder" | "env">, verb = "up"): ChildProcess =>
  spawn("pulumi", [verb, "--yes", "--skip-preview", "--non-interactive"], {
    cwd: stack.folder,
    env: stack.env,
    stdio: "ignore",
  });

export async function descendants(pid: number): Promise<number[]> {
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
