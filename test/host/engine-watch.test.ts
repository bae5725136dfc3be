import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, type TestContext, test } from "vitest";
import { repository } from "../support/stack.ts";

/**
 * A process that has loaded the built provider and would stay for ever, as the engine's provider host does.
 *
 * @param stdin "pipe" as the engine gives it, "ignore" as something else may
 */
async function startHost(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  {
    stdin = "pipe" as "pipe" | "ignore",
    script = join("cmd", "dynamic-provider", "index.js"),
    args = [] as readonly string[],
  },
) {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-host-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, script);
  await mkdir(join(file, ".."), { recursive: true });
  const load = `require(${JSON.stringify(join(repository, "dist/host/provider"))})`;
  await writeFile(file, `${load}; setInterval(() => {}); console.log("ready")`);
  const host = spawn(process.execPath, [file, ...args], { stdio: [stdin, "pipe", "inherit"] });
  onTestFinished(() => void host.kill("SIGKILL"));
  await once(host.stdout as NonNullable<typeof host.stdout>, "data");
  return host;
}

/** What listens where an engine would. */
async function startEngine({ onTestFinished }: Pick<TestContext, "onTestFinished">) {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.on("error", () => {}).destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = () => new Promise<void>((done) => void server.close(() => done()));
  onTestFinished(close);
  return { args: [`127.0.0.1:${(server.address() as AddressInfo).port}`], calls: () => calls, close };
}

const ended = (host: ChildProcess) => host.exitCode !== null || once(host, "exit").then(() => true);
/** Twice as long as an orphan takes on a machine that does nothing else. */
const whileHealthy = (host: ChildProcess) =>
  Promise.race([once(host, "exit").then(() => "ended"), sleep(6000, "lives")]);

test.concurrent("a host ends with its engine", { timeout: 60_000 }, async (context) => {
  const engine = await startEngine(context);
  const host = await startHost(context, { args: ["--logtostderr", "-v=9", ...engine.args] });
  await engine.close();
  host.stdin?.end();
  expect(await ended(host)).toBe(true);
});

test.concurrent("a host whose stdin is no pipe ends when the engine that answered is not there any more", {
  timeout: 60_000,
}, async (context) => {
  const engine = await startEngine(context);
  const host = await startHost(context, { args: engine.args, stdin: "ignore" });
  while (engine.calls() === 0) await sleep(20);
  await engine.close();
  expect(await ended(host)).toBe(true);
});

test.concurrent("a host goes on that has lost its stdin and not its engine, until it loses that too", {
  timeout: 60_000,
}, async (context) => {
  const engine = await startEngine(context);
  const host = await startHost(context, { args: engine.args });
  host.stdin?.end();
  expect(await whileHealthy(host)).toBe("lives");
  await engine.close();
  expect(await ended(host)).toBe(true);
});

test.concurrent("a host goes on whose engine's address is refused while stdin is held", {
  timeout: 60_000,
}, async (context) => {
  const engine = await startEngine(context);
  const host = await startHost(context, { args: engine.args });
  await engine.close();
  expect(await whileHealthy(host)).toBe("lives");
});

test.concurrent("a host goes on that never had an engine, as under a debugger", {
  timeout: 60_000,
}, async (context) => {
  const engine = await startEngine(context);
  await engine.close();
  const host = await startHost(context, { args: engine.args, stdin: "ignore" });
  expect(await whileHealthy(host)).toBe("lives");
});

test.concurrent.for<[string, { script?: string; args?: string[] }]>([
  ["a program", { script: "index.js" }],
  ["a host without an address", { args: ["engine"] }],
])("%s goes on whatever becomes of its stdin", { timeout: 60_000 }, async ([, options], context) => {
  const engine = await startEngine(context);
  const host = await startHost(context, { args: engine.args, ...options });
  await engine.close();
  host.stdin?.end();
  expect(await whileHealthy(host)).toBe("lives");
});

test("what is only watched keeps no process", { timeout: 60_000 }, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-host-"));
  context.onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "cmd", "dynamic-provider", "index.js");
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, `require(${JSON.stringify(join(repository, "dist/host/provider"))})`);
  const engine = await startEngine(context);
  for (const stdin of ["pipe", "ignore"] as const) {
    const host = spawn(process.execPath, [file, ...engine.args], { stdio: [stdin, "ignore", "inherit"] });
    context.onTestFinished(() => void host.kill("SIGKILL"));
    expect(await once(host, "exit")).toEqual([0, null]);
  }
});
