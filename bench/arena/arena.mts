import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkpointsOff, type Setting } from "../plan/settings.mts";
import type { Measured, Operation, Provider, StateBytes } from "../results/results.mts";
import { startEmulatorProcess } from "./emulator.mts";
import { startMeter } from "./meter.mts";
import { processTree } from "./processes.mts";

export interface ArenaOptions {
  readonly provider: Provider;
  readonly size: number;
  readonly latency: number;
  /** The folder of the Pulumi CLI. */
  readonly engineBin: string;
  /** What the engine is told besides. */
  readonly setting: Setting;
  /** Seconds that one operation may take. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
}

/** An operation took longer than it may. */
export class OutOfTime extends Error {}

/** A stack of so many organizations in a folder of its own, with an emulator of its own. Nothing of it is left at the end. */
export async function openArena(options: ArenaOptions) {
  const { provider, size, signal } = options;
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-bench-"));
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  const emulator = opened.use(await startEmulatorProcess(options.latency));
  await layOut(folder, provider);
  const declared = organizations(size);
  await declare();
  const env = environment(folder, { ...emulator.environment, ...options.setting.env }, options);
  await pulumi(["stack", "init", "bench"], setUpLimit);

  async function declare(): Promise<void> {
    await writeFile(join(folder, "organizations.json"), JSON.stringify(declared));
  }

  /** Runs one operation and says what it took, after a look at whether it did what it is to do. */
  async function run(operation: Operation): Promise<Measured> {
    if (operation === "update") {
      for (const one of Object.values(declared).slice(0, changed(size))) one.displayName += " GmbH";
      await declare();
    }
    if (operation === "destroy" && ["ours", "native"].includes(provider)) await unprotect();
    await emulator.requests();
    const cpuBefore = emulator.cpuSeconds();
    const started = performance.now();
    const usage = await pulumi([...commands[operation], ...(options.setting.args ?? [])], options.timeLimit);
    const seconds = Math.round(performance.now() - started) / 1000;
    const emulatorCpuSeconds = Math.round((emulator.cpuSeconds() - cpuBefore) * 100) / 100;
    const requests = await emulator.requests();
    const expected = provider === "empty" || operation === "destroy" ? 0 : size;
    const there = await emulator.organizations();
    if (there !== expected)
      throw new Error(`${provider}, ${operation}: there are ${there} organizations, not ${expected}`);
    return { seconds, requests, ...usage, emulatorCpuSeconds };
  }

  /** By default organizations are protected, and so they are measured, up to their end. */
  async function unprotect(): Promise<void> {
    const unprotected = { ...checkpointsOff.env, SCALEKIT_DELETION_PROTECTION: "false" };
    await pulumi([...commands.up], options.timeLimit, unprotected);
  }

  async function pulumi(args: readonly string[], timeLimit: number, more: NodeJS.ProcessEnv = {}) {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: folder,
      env: { ...env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const started = new Promise((done, fail) => child.once("spawn", done).once("error", fail));
    await started;
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
    over.abort();
    const usage = meter.stop();
    if (code === "late" || code === "stopped") {
      // From the root down, for it to start nothing more.
      for (const one of processTree(pid)()) kill(one.pid);
      await closed;
      signal.throwIfAborted();
      throw new OutOfTime(`took longer than ${timeLimit} s`);
    }
    if (code !== 0) throw new Error(`${provider}: pulumi ${args.join(" ")} ended with ${code}: ${said.trim()}`);
    return usage;
  }

  /** What the state holds of an organization, on average. */
  async function state(): Promise<StateBytes> {
    const text = await readFile(join(folder, ".pulumi", "stacks", "bench", "bench.json"), "utf8");
    const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: Resource[] } } };
    const made = checkpoint.latest.resources.filter(({ type }) =>
      /^(pulumi-nodejs:dynamic\b|scalekit:index:)/.test(type),
    );
    const mean = (of: (one: Resource) => object[]) =>
      Math.round(
        made.reduce((sum, one) => sum + of(one).reduce((bytes, part) => bytes + sizeOf(part), 0), 0) / made.length,
      );
    const whole = mean((one) => [one]);
    const inputsAndOutputs = mean(({ inputs, outputs }) => [inputs, outputs]);
    const args = Object.values(declared).reduce((sum, one) => sum + sizeOf(one), 0) / size;
    return { whole, inputsAndOutputs, added: Math.round(inputsAndOutputs - 2 * args) };
  }

  const ends = opened.move();
  return { run, state, [Symbol.asyncDispose]: () => ends.disposeAsync() };
}

/** Seconds for what is not measured, on whatever machine. */
const setUpLimit = 120;

/** One organization in a hundred, and never none. */
const changed = (size: number): number => Math.max(1, Math.round(size / 100));

/** Where nothing is to change, the engine itself says so if something does. */
const commands: Record<Operation, readonly string[]> = {
  up: ["up", "--yes", "--skip-preview"],
  again: ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  preview: ["preview", "--expect-no-changes"],
  refresh: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  update: ["up", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

async function layOut(folder: string, provider: Provider): Promise<void> {
  const programs = join(import.meta.dirname, "..", "programs");
  await copyFile(join(programs, `${provider}.js`), join(folder, "index.js"));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    "name: bench\nruntime: { name: nodejs, options: { typescript: false } }\n" +
      (provider === "native"
        ? "plugins: { providers: [{ name: scalekit, path: node_modules/pulumi-scalekit/plugin }] }\n"
        : ""),
  );
  await writeFile(join(folder, "package.json"), '{"name":"bench"}');
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  await symlink(join(repository, "node_modules", "@pulumi"), join(modules, "@pulumi"), "junction");
  await symlink(repository, join(modules, "pulumi-scalekit"), "junction");
  await symlink(join(programs, "empty-provider"), join(modules, "empty-provider"), "junction");
}

const repository = resolve(import.meta.dirname, "..", "..");

/** Everything that Pulumi keeps is in the folder, and nothing of the user's own settings has a say. */
const environment = (folder: string, settings: Readonly<Record<string, string>>, options: ArenaOptions) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PULUMI|SCALEKIT)_/.test(name))),
  PULUMI_BACKEND_URL: `file://${folder}${options.setting.backendQuery ?? ""}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_CONFIG_PASSPHRASE: "",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  // What is measured is the work, not the waiting for a minute to be over.
  SCALEKIT_MAX_REQUESTS_PER_MINUTE: "1000000",
  PATH: [options.engineBin, join(repository, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
  ...settings,
});

const organizations = (size: number) =>
  Object.fromEntries(
    Array.from({ length: size }, (_, n) => [
      `customer-${n}`,
      { displayName: `Customer ${n}`, externalId: `CUST-${n}`, metadata: { tier: "gold", plan: "annual" } },
    ]),
  );

interface Resource {
  readonly type: string;
  readonly inputs: object;
  readonly outputs: object;
}

const sizeOf = (part: object): number => Buffer.byteLength(JSON.stringify(part));

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
