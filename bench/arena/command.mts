import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { startMeter } from "./meter.mts";
import { processTree } from "./processes.mts";

/** A command, with its arguments and surroundings. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An operation took longer than it may. */
export class OutOfTime extends Error {}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Seconds. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
}

/** Runs a command to its end, and says what it and all that it starts have used. */
export async function runCommand({ file, args, env }: Command, options: CommandOptions) {
  const { cwd, timeLimit, signal } = options;
  const child = spawn(file, args, { cwd, env: { ...options.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const begun = performance.now();
  await new Promise((done, fail) => child.once("spawn", done).once("error", fail));
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000);
    });
  }
  const pid = child.pid ?? 0;
  const meter = startMeter(pid);
  const closed = new Promise<number | null>((done) => child.once("close", done));
  const over = new AbortController();
  const limit = sleep(timeLimit * 1000, "late" as const, { signal: AbortSignal.any([signal, over.signal]) });
  const code = await Promise.race([closed, limit.catch(() => "stopped" as const)]);
  const seconds = Math.round(performance.now() - begun) / 1000;
  over.abort();
  const usage = meter.stop();
  if (code === "late" || code === "stopped") {
    // From the root down, so that it starts nothing more.
    for (const one of processTree(pid)()) kill(one.pid);
    await closed;
    signal.throwIfAborted();
    throw new OutOfTime(`took longer than ${timeLimit} s`);
  }
  if (code !== 0) throw new Error(`${[file, ...args].join(" ")} ended with ${code}: ${said.trim()}`);
  return { seconds, ...usage };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
