import { execFile } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { descendants, start, unlock } from "../support/crash.ts";
import { type Stack, story } from "../support/story.ts";

/** Seconds that the server asks to wait: longer than it takes to kill the CLI and see what is left. */
const wait = 6;

/** Kills the CLI once `isReached`, and gives how many requests were sent by then. Nothing is helped to end. */
async function killCli(stack: Stack, emulator: Emulator, isReached: () => boolean, signal: NodeJS.Signals = "SIGKILL") {
  const run = start(stack);
  const exited = once(run, "exit");
  while (!isReached() && run.exitCode === null) await sleep(5);
  const providers = await providersAmong(await descendants(run.pid ?? 0));
  expect(providers.length).toBeGreaterThan(0);
  run.kill(signal);
  await exited;
  return { providers, sent: emulator.requests.length };
}

/** Those of the processes that run the dynamic provider's host, or the script that starts it. */
async function providersAmong(pids: readonly number[]): Promise<number[]> {
  if (pids.length === 0) return [];
  const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,args=", "-p", pids.join(",")]).catch(() => ({
    stdout: "",
  }));
  const lines = stdout.split("\n").filter((line) => /dynamic-provider|pulumi-resource-pulumi-nodejs/.test(line));
  return lines.map((line) => Number.parseInt(line, 10));
}

/** Waits until none of the processes is left; it may take long on a busy machine, but nobody ends them from here. */
async function noneLeft(providers: readonly number[], within = 60_000): Promise<void> {
  for (const end = Date.now() + within; (await providersAmong(providers)).length > 0; await sleep(50)) {
    if (Date.now() > end) expect(await providersAmong(providers)).toEqual([]);
  }
}

story.concurrent(
  "an update that waits to be sent again is not sent once the CLI was killed, and its provider ends",
  { timeout: 180_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    const named = (displayName: string) => ({ one: { args: { displayName, externalId: "X-1" } } });
    await stack.write(named("First"));
    expect((await stack.up()).code).toBe(0);

    await stack.write(named("Old"));
    emulator.fail({ method: "PATCH", effect: { kind: "status", status: 503, retryAfter: wait } });
    const patches = () => emulator.requests.filter(({ method }) => method === "PATCH").length;
    const { providers, sent } = await killCli(stack, emulator, () => patches() > 0);
    await noneLeft(providers);
    await sleep(wait * 1000 + 2000);
    expect(emulator.requests.slice(sent)).toEqual([]);

    await unlock(stack);
    await stack.write(named("New"));
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toMatchObject([{ display_name: "New" }]);
  },
);

story.concurrent(
  "creates that wait out a 429 are not sent once the CLI was killed, and the next run makes each once",
  { timeout: 180_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    const names = ["a", "b", "c", "d", "e", "f"];
    await stack.write(Object.fromEntries(names.map((displayName) => [displayName, { args: { displayName } }])));
    emulator.fail({ method: "POST", count: 6, effect: { kind: "status", status: 429, retryAfter: wait } });
    const refused = () => emulator.requests.filter(({ status }) => status === 429).length;
    const { providers, sent } = await killCli(stack, emulator, () => refused() > 0);
    await noneLeft(providers);
    emulator.heal();
    await sleep(wait * 1000 + 2000);
    // Those that were on their way when the pause began.
    expect(emulator.requests.slice(sent).filter(({ status }) => status !== 429)).toEqual([]);
    expect(emulator.organizations()).toEqual([]);

    await unlock(stack);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(emulator.organizations().map((one) => one.display_name)).toEqual(expect.arrayContaining(names));
    expect(emulator.organizations()).toHaveLength(names.length);
  },
);

story.concurrent(
  "a request that is under way when the CLI is killed is finished, and noted for the next run",
  { timeout: 180_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    await stack.write({ one: { args: { displayName: "Unnamed" } } });
    emulator.fail({ method: "POST", effect: { kind: "delay", milliseconds: 2000, when: "after" } });
    const { providers } = await killCli(stack, emulator, () => emulator.organizations().length > 0);
    await noneLeft(providers);

    await unlock(stack);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(up.text).toContain("Took over");
    expect(emulator.organizations()).toHaveLength(1);
  },
);

story.concurrent(
  "Ctrl-C lets the update that waits to be sent again come to its end",
  { timeout: 180_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator);
    emulator.fail({ method: "POST", effect: { kind: "status", status: 429, retryAfter: 3 } });
    await stack.write({ one: { args: { displayName: "One", externalId: "X-1" } } });
    const refused = () => emulator.requests.some(({ status }) => status === 429);
    const { providers } = await killCli(stack, emulator, refused, "SIGINT");
    await noneLeft(providers);
    expect(emulator.organizations()).toHaveLength(1);
    // It was saved: nothing is left to do.
    const again = await stack.up("--expect-no-changes");
    expect(again, again.text).toMatchObject({ code: 0 });
  },
);
