import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { exchange, largestBody, newConnectionPool } from "../../src/api/http.ts";
import type { Proxies } from "../../src/config/proxy.ts";
import { organization } from "../../src/definitions/organization.ts";
import { isTransportError, type Operation } from "../../src/errors.ts";
import { hasOpenssl, newIdentity } from "../support/certificate.ts";
import { type Answer, startServer } from "../support/server.ts";

const operation: Operation = { what: "try", method: "POST", path: "/path" };

async function ask(url: string, timeout = 5000, dispatcher: Dispatcher = new Agent()) {
  try {
    return await exchange(dispatcher, {
      operation,
      url: new URL("/path?secret=s3cret", url),
      headers: { authorization: "Bearer s3cret" },
      body: "s3cret",
      timeout,
    });
  } finally {
    await dispatcher.destroy();
  }
}

/** The error that an exchange ends with, which never shows what was sent. */
async function failure(asking: Promise<unknown>) {
  const error = await asking.then(
    () => expect.unreachable("It was answered."),
    (reason: unknown) => reason,
  );
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("s3cret");
  if (!isTransportError(error)) throw error;
  return error;
}

describe("an exchange", () => {
  test("sends what it is given and gives what comes back", async () => {
    const server = await startServer(() => ({ status: 418, text: "tea", headers: { "x-request-id": "req_1" } }));
    const reply = await ask(server.url);
    expect(reply).toMatchObject({ status: 418, body: "tea", headers: { "x-request-id": "req_1" } });
    expect(server.asked).toMatchObject([
      { method: "POST", path: "/path?secret=s3cret", body: "s3cret", headers: { authorization: "Bearer s3cret" } },
    ]);
  });

  test("does not invite a compressed answer, and does not unfold one", async () => {
    const bomb = gzipSync(Buffer.alloc(4 * largestBody));
    const server = await startServer(() => (response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const reply = await ask(server.url);
    expect(server.asked[0]?.headers["accept-encoding"]).toBe("identity");
    expect(reply.body?.length).toBeLessThanOrEqual(bomb.length);
  });

  test("stops reading an answer that is too large, and still tells its status", async () => {
    let written = 0;
    const server = await startServer(() => (response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const write = () => {
        while (!response.destroyed && written < 8 * largestBody) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", write);
        }
        response.end();
      };
      write();
    });
    expect(await ask(server.url)).toMatchObject({ status: 200, body: undefined });
    expect(written).toBeLessThan(4 * largestBody);
  });

  test.each<[string, Answer, RegExp]>([
    ["that is cut before the answer", (response) => response.socket?.destroy(), /connection to 127.* failed/],
    ["that is cut within the answer", cutWithin, /connection to 127.* failed/],
    [
      "that does not speak HTTP",
      (response) => {
        response.socket?.end("s3cret, and no HTTP\r\n\r\n");
      },
      /connection to 127.* failed/,
    ],
  ])("over a connection %s may have arrived", async (_, answer, reason) => {
    const server = await startServer(() => answer);
    const error = await failure(ask(server.url));
    expect(error.mayHaveArrived).toBe(true);
    expect(error.reason).toMatch(reason);
    expect(server.asked).toHaveLength(1);
  });

  test("that drips in slower than its time ends when that is over", async () => {
    const server = await startServer(() => (response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write(" "), 20);
      response.once("close", () => clearInterval(drip));
    });
    const error = await failure(ask(server.url, 1500));
    expect(error.message).toMatch(/127\.0\.0\.1:\d+ did not answer within 1.5 s.*may have acted/);
  });

  test("with a server that is not there has not arrived", async () => {
    const server = createHttpServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const error = await failure(ask(`http://127.0.0.1:${port}`));
    expect(error.mayHaveArrived).toBe(false);
    expect(error.message).toContain(`127.0.0.1:${port} could not be reached (ECONNREFUSED`);
    expect(error.message).toContain("did not act");
  });

  test.each<[string, string, Record<string, string>]>([
    ["a header that HTTP cannot hold", "/path", { authorization: "Bearer s3cret\ns3cret" }],
    ["a path that HTTP cannot hold", "/pa th?s3cret", {}],
  ])("with %s has not arrived", async (_, path, headers) => {
    const server = await startServer(() => ({}));
    const dispatcher = new Agent();
    const url = Object.defineProperty(new URL(server.url), "pathname", { value: path });
    const error = await failure(exchange(dispatcher, { operation, url, headers, timeout: 5000 }));
    await dispatcher.destroy();
    expect(error.mayHaveArrived).toBe(false);
    expect(error.message).toMatch(/cannot be sent over HTTP \(UND_ERR_INVALID_ARG: .*did not act/);
    expect(server.asked).toEqual([]);
  });

  test("that is not to leave any more when its connection stands has not arrived", async () => {
    const server = await startServer(() => ({}));
    const dispatcher = new Agent();
    const url = new URL(server.url);
    const error = await failure(
      exchange(dispatcher, { operation, url, headers: {}, timeout: 5000, mayLeave: () => false }),
    );
    await dispatcher.destroy();
    expect(error.mayHaveArrived).toBe(false);
    expect(server.asked).toEqual([]);
  });

  test("whose connection takes longer than its time has not arrived", async () => {
    const silent = createTcpServer((socket) => void socket.on("error", () => {})).listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const error = await failure(ask(`https://127.0.0.1:${port}`, 1500));
    expect(error.mayHaveArrived).toBe(false);
    expect(error.message).toContain(`127.0.0.1:${port} could not be reached within 1.5 s`);
  });
});

function cutWithin(response: Parameters<Extract<Answer, (...args: never[]) => void>>[0]): void {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"organization":', () => response.socket?.destroy());
}

/** A real proxy for HTTPS that remembers all that it gets to see, and leads every host to `target`. */
async function startProxy(target: number, refuse = false) {
  const seen: { host: string | undefined; headers: IncomingHttpHeaders; bytes: Buffer[] }[] = [];
  const plain: string[] = [];
  const server = createHttpServer((request, response) => {
    plain.push(request.url ?? "");
    response.writeHead(502).end();
  });
  server.on("connect", (request, socket: Socket) => {
    const one = { host: request.url, headers: request.headers, bytes: [] as Buffer[] };
    seen.push(one);
    socket.on("error", () => {});
    if (refuse) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    const onward = connect(target, "127.0.0.1");
    onward.on("error", () => socket.destroy());
    socket.on("data", (bytes) => one.bytes.push(bytes));
    socket.pipe(onward).pipe(socket);
  });
  return { url: await listening(server), seen, plain };
}

async function listening(server: Server & { closeAllConnections?: () => void }): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server for https://acme.scalekit.test, which exists behind a proxy alone, and the certificate to trust. */
async function startSecureServer() {
  const about = ["-subj", "/CN=acme.scalekit.test", "-addext", "subjectAltName=DNS:acme.scalekit.test"];
  const identity = newIdentity(...about);
  const asked: string[] = [];
  const server = createHttpsServer(identity, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    response.end(request.url === "/oauth/token" ? '{"access_token":"t0ken-s3cret"}' : '{"organizations":[]}');
  });
  return { port: Number((await listening(server)).split(":")[1]), ca: identity.cert, asked };
}

const proxies = (https: string, none = ""): Proxies => ({ http: "", https, none });
const behind = "https://acme.scalekit.test";

describe("behind a proxy", () => {
  test.skipIf(!hasOpenssl())("the proxy learns the host and nothing else", async () => {
    const server = await startSecureServer();
    const proxy = await startProxy(server.port);
    const dispatcher = new ProxyAgent({ uri: `http://user:s3cret-pass@${proxy.url}`, requestTls: { ca: server.ca } });
    const client = newClient({ environmentUrl: behind, clientId: "skc_1", clientSecret: "cl1ent-s3cret", dispatcher });
    onTestFinished(() => client.close());
    for await (const _ of client.of(organization).list()) expect.unreachable("There is none.");
    expect(server.asked).toEqual(["POST /oauth/token", "GET /api/v1/organizations?page_size=100"]);
    expect(proxy.seen.length).toBeGreaterThan(0);
    for (const { host, headers, bytes } of proxy.seen) {
      expect(host).toBe("acme.scalekit.test:443");
      expect(Object.keys(headers).filter((name) => /^(authorization|cookie)$/.test(name))).toEqual([]);
      expect(headers["proxy-authorization"]).toBe(`Basic ${Buffer.from("user:s3cret-pass").toString("base64")}`);
      const passed = Buffer.concat(bytes).toString("latin1");
      for (const secret of ["t0ken-s3cret", "cl1ent-s3cret", "skc_1", "oauth", "Bearer"]) {
        expect(passed).not.toContain(secret);
      }
    }
  });

  test("the pool goes through the proxy of HTTPS_PROXY, and a proxy that refuses is reported without its password", async () => {
    const proxy = await startProxy(1, true);
    const error = await failure(
      ask(behind, 5000, newConnectionPool(behind, proxies(`http://user:s3cret@${proxy.url}`))),
    );
    expect(proxy.seen.map(({ host }) => host)).toEqual(["acme.scalekit.test:443"]);
    expect(error.message).toContain("acme.scalekit.test could not be reached");
    expect(error.message).toContain("407");
    expect(error.mayHaveArrived).toBe(false);
  });

  test("a proxy that is not there is an environment that was not reached", async () => {
    const error = await failure(
      ask(behind, 5000, newConnectionPool(behind, proxies("http://user:s3cret@127.0.0.1:1"))),
    );
    expect(error.message).toContain("acme.scalekit.test could not be reached");
    expect(error.mayHaveArrived).toBe(false);
  });

  test.each(["acme.scalekit.test", ".scalekit.test", "example.com, scalekit.test", "*", "acme.scalekit.test:443"])(
    "hosts of NO_PROXY are reached without one (%s)",
    async (none) => {
      const proxy = await startProxy(1, true);
      await failure(ask(behind, 5000, newConnectionPool(behind, proxies(`http://${proxy.url}`, none))));
      expect(proxy.seen).toEqual([]);
    },
  );

  test("this machine is reached without one, so that an emulator works", async () => {
    const proxy = await startProxy(1, true);
    const server = await startServer(() => ({ text: "here" }));
    const pool = newConnectionPool(server.url, { http: `http://${proxy.url}`, https: `http://${proxy.url}`, none: "" });
    expect(await ask(server.url, 5000, pool)).toMatchObject({ body: "here" });
    expect([...proxy.seen, ...proxy.plain]).toEqual([]);
  });

  test("undici does not look for one in the environment by itself", async () => {
    const proxy = await startProxy(1, true);
    const before = process.env["https_proxy"];
    process.env["https_proxy"] = `http://${proxy.url}`;
    onTestFinished(() => {
      if (before === undefined) delete process.env["https_proxy"];
      else process.env["https_proxy"] = before;
    });
    await failure(ask(behind, 5000, newConnectionPool(behind)));
    await failure(ask(behind, 5000, newConnectionPool(behind, { http: "", https: "", none: "" })));
    expect(proxy.seen).toEqual([]);
  });
});
