import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

const help = `Measures how long the provider's process takes from its start to its first request, and to its answer to the first check,
beside an empty dynamic provider, which sends nothing.

  npm run bench:start                     30 starts of each, in turns
  npm run bench:start -- --starts 100
  npm run bench:start -- --json           as JSON
`;

const require = createRequire(import.meta.url);
const grpc = require("@grpc/grpc-js");
const services = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const { values } = parseArgs({
  options: { starts: { type: "string", default: "30" }, json: { type: "boolean" }, help: { type: "boolean" } },
});

/** As `pulumi.dynamic.Resource` has it in the state, with nothing to do. */
const empty = "exports.handler=()=>({check:async(_,inputs)=>({inputs}),create:async()=>({id:'1',outs:{}})})";
const own = "require('pulumi-scalekit/Organization')(exports)";

async function main(): Promise<void> {
  await using api = await newApi();
  const times: Record<string, number[]> = { empty: [], "first request": [], "first check answered": [] };
  // In turns, so that what else the machine does falls on both; the first of each fills the caches, and is not counted.
  for (let start = -1; start < Number(values.starts); start++) {
    const [idle, busy] = [await timed(empty, api, start < 0), await timed(own, api, start < 0)];
    if (start < 0) continue;
    times["empty"]?.push(idle.answered);
    times["first request"]?.push(busy.asked);
    times["first check answered"]?.push(busy.answered);
  }
  const rows = Object.entries(times).map(([until, all]) => ({ until, ...summary(all) }));
  const [idle, asked, answered] = rows.map(({ median }) => median);
  const added = { asked: (asked ?? 0) - (idle ?? 0), answered: (answered ?? 0) - (idle ?? 0) };
  const table = rows
    .map(({ until, least, median, most }) => `| ${until} | ${least} | ${median} | ${most} |\n`)
    .join("");
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ rows, added }, null, 2)}\n`
      : `| ${values.starts} starts, ms | fastest | median | slowest |\n| --- | --- | --- | --- |\n${table}` +
          `On top of an empty dynamic provider: ${added.asked} ms to the first request, ${added.answered} ms to the answer\n`,
  );
}

/** As on a user's machine after the first run: with what that has left behind. */
const home = await mkdtemp(join(tmpdir(), "pulumi-scalekit-start-"));
process.on("exit", () => rmSync(home, { recursive: true }));

interface Api extends AsyncDisposable {
  readonly url: string;
  /** When the next request comes in. */
  asked(): Promise<number>;
}

/** Answers nothing but tokens, which is what a provider asks for first. */
async function newApi(): Promise<Api> {
  const server = createServer((_, response) => {
    server.emit("asked", performance.now());
    response.setHeader("content-type", "application/json").end('{"access_token":"token","expires_in":3600}');
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: async () => (await once(server, "asked"))[0] as number,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Milliseconds from the start of the engine's own provider host until the first request, and until its answer to a check. */
async function timed(provider: string, api: Api, warm: boolean): Promise<{ asked: number; answered: number }> {
  const asked = api.asked();
  const started = performance.now();
  const host = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"], {
    cwd: join(import.meta.dirname, ".."),
    env: {
      ...process.env,
      PULUMI_HOME: home,
      SCALEKIT_ENVIRONMENT_URL: api.url,
      SCALEKIT_CLIENT_ID: "id",
      SCALEKIT_CLIENT_SECRET: "secret",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const client = new services.ResourceProviderClient(
      `127.0.0.1:${await portOf(host)}`,
      grpc.credentials.createInsecure(),
    );
    await call(client, "configure", new messages.ConfigureRequest().setArgs(Struct.fromJavaScript({})));
    const news = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" }, __provider: provider };
    await call(
      client,
      "check",
      new messages.CheckRequest().setOlds(Struct.fromJavaScript({})).setNews(Struct.fromJavaScript(news)),
    );
    const answered = performance.now() - started;
    // For as long as it takes until Node.js has written what it compiled; a run takes longer.
    if (warm) await setTimeout(1500);
    client.close();
    return { answered, asked: provider === own ? (await asked) - started : Number.NaN };
  } finally {
    host.kill("SIGKILL");
  }
}

async function portOf(host: ChildProcess): Promise<string> {
  if (host.stdout === null) throw new Error("the host has no output");
  const [line] = (await once(createInterface(host.stdout), "line")) as [string];
  return line;
}

const call = (
  client: Record<string, (message: object, done: (error: Error | null) => void) => void>,
  verb: string,
  message: object,
) => new Promise<void>((done, fail) => client[verb]?.(message, (error) => (error ? fail(error) : done())));

function summary(all: readonly number[]) {
  const sorted = all.map(Math.round).sort((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 };
}

if (values.help) process.stdout.write(help);
else await main();
