import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Setting } from "../plan/settings.mts";
import type { Contestant, Measured, Operation, StateBytes } from "../results/results.mts";
import { type Command, runCommand } from "./command.mts";
import { startEmulatorProcess } from "./emulator.mts";
import { change, organizations } from "./organizations.mts";
import { toolOf } from "./tools.mts";

export interface ArenaOptions {
  readonly provider: Contestant;
  readonly size: number;
  readonly latency: number;
  /** The folder of the Pulumi CLI. */
  readonly engineBin: string;
  /** The folder of the other tools, if they are there. */
  readonly peers?: string | undefined;
  /** Flags and variables that the engine gets besides. */
  readonly setting: Setting;
  /** Seconds that one operation may take. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
}

/** So many organizations in a folder of its own, with an emulator of its own. Nothing of it is left at the end. */
export async function openArena(options: ArenaOptions) {
  const { provider, size, signal } = options;
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-bench-"));
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const emulator = opened.use(await startEmulatorProcess(options.latency));
  const tool = await toolOf({ ...options, folder, api: emulator.environment });
  const declared = organizations(size);
  await tool.declare(declared);
  const env = { ...ownEnvironment(), ...tool.env, ...emulator.environment };
  for (const command of tool.begin) await start(command, setUpLimit);

  /** Runs one operation, checks what it did, and returns what it took. */
  async function run(operation: Operation): Promise<Measured> {
    if (operation === "update") {
      change(declared);
      await tool.declare(declared);
    }
    for (const command of tool.before(operation)) await start(command, options.timeLimit);
    await emulator.requests();
    const cpuBefore = emulator.cpuSeconds();
    const measured = await start(tool.command(operation), options.timeLimit);
    const emulatorCpuSeconds = Math.round((emulator.cpuSeconds() - cpuBefore) * 100) / 100;
    const requests = await emulator.requests();
    const expected = !tool.isReal || operation === "destroy" ? 0 : size;
    const there = await emulator.organizations();
    if (there !== expected)
      throw new Error(`${provider}, ${operation}: there are ${there} organizations, not ${expected}`);
    return { ...measured, requests, emulatorCpuSeconds };
  }

  async function start(command: Command, timeLimit: number) {
    try {
      return await runCommand(command, { cwd: folder, env, timeLimit, signal });
    } catch (error) {
      if (error instanceof Error && error.constructor === Error) error.message = `${provider}: ${error.message}`;
      throw error;
    }
  }

  const state = (): Promise<StateBytes | undefined> => tool.state(declared);

  const ends = opened.move();
  return { run, state, [Symbol.asyncDispose]: () => ends.disposeAsync() };
}

/** Seconds for what is not measured, on whatever machine. */
const setUpLimit = 120;

/** The user's own settings have no influence. */
const ownEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|SCALEKIT)_/.test(name)));
