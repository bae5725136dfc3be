import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { newClient } from "../src/api/client.ts";
import { isTransportError } from "../src/errors.ts";
import { unhurried } from "./support/lifecycle.ts";

type Act = (asked: Http2ServerRequest, reply: Http2ServerResponse) => void;

/** A server that speaks HTTP/2 only, without TLS, where `act` answers all but the request for a token. */
async function begin(act: Act) {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  const posts: string[] = [];
  server.on("session", (session) => {
    sessions.push(session);
    session.on("error", () => {});
  });
  server.on("request", async (asked: Http2ServerRequest, reply: Http2ServerResponse) => {
    reply.stream.on("error", () => {});
    asked.resume();
    await once(asked, "end");
    if (asked.url === "/oauth/token") return answer(reply, 200, { access_token: "token", expires_in: 3600 });
    if (asked.method === "POST") posts.push(asked.url);
    act(asked, reply);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const dispatcher = new Agent({ useH2c: true } as Agent.Options);
  const environmentUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = newClient({ environmentUrl, clientId: "id", clientSecret: "secret", dispatcher, clock: unhurried });
  onTestFinished(async () => {
    await dispatcher.destroy();
    for (const session of sessions) session.destroy();
    server.close();
  });
  return { client, sessions, posts };
}

const answer = (reply: Http2ServerResponse, status: number, body: object): void =>
  void reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

const made = { organization: { id: "org_1", display_name: "Megasoft", metadata: {} } };

test("requests share one connection, as many at once as the caps allow", async () => {
  const waiting: Http2ServerResponse[] = [];
  const { client, sessions } = await begin((_, reply) => {
    waiting.push(reply);
    if (waiting.length === 10) for (const one of waiting.splice(0)) answer(one, 201, made);
  });
  await Promise.all(Array.from({ length: 20 }, () => client.create({ displayName: "Megasoft" })));
  expect(sessions).toHaveLength(1);
});

test.each<[string, Act]>([
  ["the connection is lost", (asked) => asked.stream.session?.destroy()],
  [
    "the server goes away and has acted on it",
    (asked) => {
      const { session, id } = asked.stream;
      session?.goaway(constants.NGHTTP2_NO_ERROR, id ?? 0);
      session?.destroy();
    },
  ],
  ["its stream is reset", (asked) => asked.stream.close(constants.NGHTTP2_INTERNAL_ERROR)],
  [
    "its answer is cut short",
    (asked, reply) => {
      reply.writeHead(201, { "content-type": "application/json" }).write('{"organization":');
      asked.stream.session?.destroy();
    },
  ],
])("a create may have arrived where %s, and is sent once", async (_, act) => {
  const { client, posts } = await begin(act);
  const error = await client.create({ displayName: "Megasoft" }).catch((failure: unknown) => failure);
  expect(error).toSatisfy(isTransportError);
  expect(error).toMatchObject({ mayHaveArrived: true, mayHaveActed: true });
  expect(posts).toHaveLength(1);
});

test("a server that goes away in order is asked again over a new connection", async () => {
  let asked = 0;
  const { client, sessions } = await begin((request, reply) => {
    answer(reply, 201, made);
    if (++asked === 1) request.stream.session?.close();
  });
  for (let n = 0; n < 3; n++) await client.create({ displayName: "Megasoft" });
  expect(sessions).toHaveLength(2);
});

test("what only reads is asked again when the connection was lost", async () => {
  let asked = 0;
  const { client } = await begin((request, reply) =>
    ++asked === 1 ? request.stream.session?.destroy() : answer(reply, 200, made),
  );
  expect(await client.get("org_1")).toMatchObject({ id: "org_1" });
});
