import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const grpc = require("@grpc/grpc-js");
const services = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");

const repository = join(import.meta.dirname, "..");

/** A process that the engine starts for a program, and what a resource of it looks like there. */
export interface Door {
  readonly command: readonly [string, ...string[]];
  readonly inputs?: object;
  /** Whether it sends something before it answers. */
  readonly isAsking: boolean;
}

/** As the state of a dynamic resource has its provider. */
const dynamic = (provider: string, isAsking: boolean): Door => ({
  command: [process.execPath, require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"],
  inputs: { __provider: provider },
  isAsking,
});

/** The processes that are measured, with the plugin as one executable if there is one. */
export const doors = (executable?: string): Readonly<Record<string, Door>> => ({
  "empty dynamic provider": dynamic(
    "exports.handler=()=>({check:async(_,inputs)=>({inputs}),create:async()=>({id:'1',outs:{}})})",
    false,
  ),
  "dynamic provider": dynamic("require('pulumi-scalekit/Organization')(exports)", true),
  "native plugin": { command: [join(repository, "plugin", "pulumi-resource-scalekit")], isAsking: true },
  ...(executable !== undefined && { "native executable": { command: [executable], isAsking: true } as const }),
});

export interface Api extends AsyncDisposable {
  readonly url: string;
  /** When the next request comes in. */
  asked(): Promise<number>;
}

/** Answers only requests for tokens, which a provider sends first. */
export async function newApi(): Promise<Api> {
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

/**
 * Milliseconds from the start of a process until its first request, and until its answer to a check.
 *
 * @param home what Pulumi keeps of earlier runs
 * @param stay how many milliseconds it goes on after that
 */
export async function timed(
  { command: [program, ...args], inputs, isAsking }: Door,
  { api, home, stay = 0 }: { api: Api; home: string; stay?: number },
): Promise<{ asked: number; answered: number }> {
  const asked = api.asked();
  const started = performance.now();
  const host = spawn(program, args, {
    cwd: repository,
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
    const urnOf = (type: string) => `urn:pulumi:dev::project::${type}::one`;
    const configure = new messages.ConfigureRequest().setUrn(urnOf("pulumi:providers:scalekit"));
    await call(client, "configure", configure.setArgs(Struct.fromJavaScript({})));
    const news = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" }, ...inputs };
    const check = new messages.CheckRequest().setUrn(urnOf("scalekit:index:Organization"));
    await call(client, "check", check.setOlds(Struct.fromJavaScript({})).setNews(Struct.fromJavaScript(news)));
    const answered = performance.now() - started;
    const first = isAsking ? (await asked) - started : Number.NaN;
    await new Promise((done) => setTimeout(done, stay));
    client.close();
    return { answered, asked: first };
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
