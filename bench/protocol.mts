import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { Agent, request } from "undici";

const help = `Measures HTTP/1.1 beside HTTP/2 over TLS, to a server that takes its time, with many requests at once.

  npm run bench:protocol                           30 ms an answer, 10 and 100 at once
  npm run bench:protocol -- --latency 50 --requests 5000
`;

const { values } = parseArgs({
  options: {
    latency: { type: "string", default: "30" },
    requests: { type: "string", default: "2000" },
    repeats: { type: "string", default: "3" },
    help: { type: "boolean" },
  },
});

/** The server is a thread of its own, so that its work is not the client's. */
async function serve(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-scalekit-tls-"));
  const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", ...files],
    { stdio: "ignore" },
  );
  const [key, cert] = ["key.pem", "cert.pem"].map((file) => readFileSync(join(folder, file)));
  rmSync(folder, { recursive: true });
  const answer = JSON.stringify({
    organization: { id: "org_1", display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } },
  });
  const options = { key, cert, allowHTTP1: true } as const;
  const server = createSecureServer(options as never, async (asked, reply) => {
    asked.resume();
    await once(asked, "end");
    await setTimeout(Number(values.latency));
    reply.writeHead(201, { "content-type": "application/json" }).end(answer);
  }).listen(0, "localhost");
  await once(server, "listening");
  parentPort?.postMessage({ port: (server.address() as AddressInfo).port, ca: cert });
}

async function main(): Promise<void> {
  const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
  const [{ port, ca }] = (await once(worker, "message")) as [{ port: number; ca: Buffer }];
  process.stdout.write("| protocol | at once | requests a second | CPU ms a request |\n| --- | --- | --- | --- |\n");
  for (const atOnce of [10, 100]) {
    for (const allowH2 of [false, true]) {
      const runs = [];
      for (let n = 0; n < Number(values.repeats); n++) runs.push(await measure(port, Buffer.from(ca), atOnce, allowH2));
      const { perSecond, cpu } = runs.sort((a, b) => a.perSecond - b.perSecond)[runs.length >> 1] ?? {
        perSecond: 0,
        cpu: 0,
      };
      process.stdout.write(`| ${allowH2 ? "2" : "1.1"} | ${atOnce} | ${Math.round(perSecond)} | ${cpu.toFixed(2)} |\n`);
    }
  }
  await worker.terminate();
}

async function measure(port: number, ca: Buffer, atOnce: number, allowH2: boolean) {
  const agent = new Agent({ allowH2, connect: { ca, timeout: 10_000 } });
  const body = JSON.stringify({ display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } });
  const headers = { "content-type": "application/json", authorization: `Bearer ${"x".repeat(800)}` };
  const count = Number(values.requests);
  const before = { wall: performance.now(), cpu: process.threadCpuUsage() };
  let left = count;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) {
        const reply = await request(`https://localhost:${port}/api/v1/organizations`, {
          dispatcher: agent,
          method: "POST",
          headers,
          body,
        });
        if (reply.statusCode !== 201) throw new Error(`the server answered ${reply.statusCode}`);
        await reply.body.text();
      }
    }),
  );
  const { user, system } = process.threadCpuUsage(before.cpu);
  const seconds = (performance.now() - before.wall) / 1000;
  await agent.close();
  return { perSecond: count / seconds, cpu: (user + system) / 1000 / count };
}

if (!isMainThread) await serve();
else if (values.help) process.stdout.write(help);
else await main();
