import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb.js";
import { expect, onTestFinished, test } from "vitest";

const script = resolve(import.meta.dirname, "../../../plugin/pulumi-resource-scalekit");

/** An engine, as far as the plugin sees it: an address that listens, until it is closed. */
async function startEngine() {
  const server = createServer((socket) => socket.on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens nowhere");
  return { address: `127.0.0.1:${address.port}`, close: () => new Promise((done) => server.close(done)) };
}

async function startPlugin(
  address: string,
  flags: readonly string[] = [],
): Promise<{ plugin: ChildProcess; port: string }> {
  const plugin = spawn(process.execPath, [...flags, script, address], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void plugin.kill("SIGKILL"));
  if (plugin.stdout === null) throw new Error("it has no output");
  const [port] = (await once(createInterface(plugin.stdout), "line")) as [string];
  return { plugin, port };
}

test("the plugin says its port first, and ends when the engine is gone", async () => {
  const engine = await startEngine();
  const { plugin, port } = await startPlugin(engine.address);
  expect(port).toMatch(/^\d+$/);
  const ended = once(plugin, "exit");
  await engine.close();
  plugin.stdin?.end();
  expect(await ended).toEqual([1, null]);
});

test("on an older Node.js it says so to the preview, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-node-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const older = join(folder, "older.cjs");
  await writeFile(older, 'Object.defineProperty(process.versions, "node", { value: "20.20.2" });');
  const engine = await startEngine();
  const { port } = await startPlugin(engine.address, ["--require", older]);
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => client.close());
  const answer = await new Promise<rpc.CheckResponse>((resolve, reject) =>
    client.checkConfig(new rpc.CheckRequest(), (error, found) => (error === null ? resolve(found) : reject(error))),
  );
  expect(answer.getFailuresList().map((failure) => failure.getReason())).toEqual([
    "pulumi-scalekit needs Node.js 22.19 or newer, and this is 20.20.2.",
  ]);
});
