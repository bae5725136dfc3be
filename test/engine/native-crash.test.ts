import { execFile } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { descendants, kill, start, unlock } from "../support/crash.ts";
import { needYaml, organizations, type YamlProgram, type YamlStack, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const size = 60;
const names = Array.from({ length: size }, (_, n) => `customer-${n}`);

/** Without an external ID nothing but the provider's own notes tells whose an organization is. */
const programOf = (hasKey: (n: number) => boolean) =>
  organizations(
    Object.fromEntries(
      names.map((name, n) => [name, { displayName: name, ...(hasKey(n) ? { externalId: name } : {}) }]),
    ),
  );
const named = programOf(() => true);
const halfNamed = programOf((n) => n % 2 === 0);

/** A plugin that is killed notes no answers. What has no key is then left to the user, so here all have one. */
const ways: readonly (readonly [string, YamlProgram, (cli: number) => Promise<void>])[] = [
  ["kill -9 of the CLI", halfNamed, async (cli) => kill(cli)],
  ["Ctrl-C", halfNamed, async (cli) => void process.kill(cli, "SIGINT")],
  [
    "kill -9 of the plugin",
    named,
    async (cli) => {
      for (const pid of await pluginsAmong(await descendants(cli))) kill(pid);
    },
  ],
  [
    "kill -9 of the CLI and all below it",
    named,
    async (cli) => {
      for (const pid of [cli, ...(await descendants(cli))]) kill(pid);
    },
  ],
];

/** Those of the processes that are still there and run the plugin. */
async function pluginsAmong(pids: readonly number[]): Promise<number[]> {
  if (pids.length === 0) return [];
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,stat=,args=", "-p", pids.join(",")]).catch(() => ({
    stdout: "",
  }));
  const lines = stdout.split("\n").filter((line) => /^ *\d+ +[^Z ]\S* .*pulumi-resource-scalekit/.test(line));
  return lines.map((line) => Number.parseInt(line, 10));
}

/** Starts an up and ends it after half of the creates. Gives the processes that there were below it. */
async function endHalfWay(stack: YamlStack, emulator: Emulator, end: (cli: number) => Promise<void>) {
  const run = start(stack);
  const exited = once(run, "exit");
  while (emulator.organizations().length < size / 2 && run.exitCode === null) await sleep(2);
  const below = await descendants(run.pid ?? 0);
  expect(await pluginsAmong(below)).not.toEqual([]);
  await end(run.pid ?? 0);
  await exited;
  return below;
}

/** Waits until no plugin is left. Nobody ends it from here; the language host is not this project's, and takes minutes. */
async function noneLeft(pids: readonly number[], within = 60_000): Promise<void> {
  for (const end = Date.now() + within; (await pluginsAmong(pids)).length > 0; await sleep(50)) {
    if (Date.now() > end) expect(await pluginsAmong(pids)).toEqual([]);
  }
  for (const pid of pids) kill(pid);
}

describe.concurrent("a run of 60 creates in a YAML program", () => {
  yamlStory.for(ways)(
    "that ends by %s leaves no process, and the next makes each once",
    { timeout: 300_000 },
    async ([, program, end], { yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator);
      await stack.write(program);
      await noneLeft(await endHalfWay(stack, emulator, end));

      await unlock(stack);
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      const made = emulator.organizations();
      expect(made.map((one) => one.display_name).sort()).toEqual([...names].sort());
      expect((await stack.organizations()).map(({ id }) => id).sort()).toEqual(made.map(({ id }) => id).sort());
      const refresh = await stack.refresh("--clear-pending-creates", "--expect-no-changes");
      expect(refresh, refresh.text).toMatchObject({ code: 0 });
      const again = await stack.up("--expect-no-changes");
      expect(again, again.text).toMatchObject({ code: 0 });
      expect(again.text).not.toContain("pending operations");
    },
  );

  yamlStory(
    "that waits out a 429 when the CLI is killed sends nothing more",
    { timeout: 300_000 },
    async ({ yaml }) => {
      const emulator = await yaml.emulate();
      const stack = await yaml.stackOn(emulator);
      await stack.write(halfNamed);
      emulator.fail({ method: "POST", skip: 10, count: 500, effect: { kind: "status", status: 429, retryAfter: 6 } });
      const run = start(stack);
      const exited = once(run, "exit");
      while (!emulator.requests.some(({ status }) => status === 429) && run.exitCode === null) await sleep(2);
      const below = await descendants(run.pid ?? 0);
      run.kill("SIGKILL");
      await exited;
      const sent = emulator.requests.length;
      await noneLeft(below);
      emulator.heal();
      await sleep(8000);
      // Those that were on their way when the pause began.
      expect(emulator.requests.slice(sent).filter(({ status }) => status !== 429)).toEqual([]);
      expect(emulator.organizations()).toHaveLength(10);

      await unlock(stack);
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(emulator.organizations()).toHaveLength(size);
    },
  );
});
