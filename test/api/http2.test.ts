import { once } from "node:events";
import {
  constants,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { organization } from "../../src/definitions/organization.ts";
import { isTransportError } from "../../src/errors.ts";
import { unhurried } from "../support/lifecycle.ts";

type Act = (asked: Http2ServerRequest, reply: Http2ServerResponse, socket: Socket) => void;

/** A server that speaks HTTP/2 only, without TLS, where `act` answers all but the request for a token. */
async function begin(act: Act) {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  const posts: string[] = [];
  let socket: Socket;
  server.on("connection", (connection: Socket) => {
    socket = connection;
  });
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
    act(asked, reply, socket);
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
  return { organizations: client.of(organization), sessions, posts };
}

const answer = (reply: Http2ServerResponse, status: number, body: object): void =>
  void reply.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

const made = { organization: { id: "org_1", display_name: "Megasoft", metadata: {} } };

test("requests share one connection, as many at once as the caps allow", async () => {
  const waiting: Http2ServerResponse[] = [];
  const { organizations, sessions } = await begin((_, reply) => {
    waiting.push(reply);
    if (waiting.length === 10) for (const one of waiting.splice(0)) answer(one, 201, made);
  });
  await Promise.all(Array.from({ length: 20 }, () => organizations.create(undefined, { displayName: "Megasoft" })));
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
  const { organizations, posts } = await begin(act);
  const error = await organizations.create(undefined, { displayName: "Megasoft" }).catch((failure: unknown) => failure);
  expect(error).toSatisfy(isTransportError);
  expect(error).toMatchObject({ mayHaveArrived: true, mayHaveActed: true });
  expect(posts).toHaveLength(1);
});

test.each<[string, Act]>([
  ["its stream is refused", (asked) => asked.stream.close(constants.NGHTTP2_REFUSED_STREAM)],
  [
    "the server goes away and has ended before it",
    // By hand, for Node.js cannot say that it has begun with nothing: the frame's length, type and flags, its stream, the last
    // stream, the code.
    (_, __, socket) => socket.write(Buffer.from("000008070000000000" + "00000000" + "00000000", "hex")),
  ],
])("a create has not arrived where %s, and is sent again", async (_, act) => {
  const { organizations, posts } = await begin(act);
  const error = await organizations.create(undefined, { displayName: "Megasoft" }).catch((failure: unknown) => failure);
  expect(error).toSatisfy(isTransportError);
  expect(error).toMatchObject({ mayHaveArrived: false, mayHaveActed: false });
  expect((error as Error).message).toMatch(/127\.0\.0\.1:\d+ refused the request before processing it \(.*did not act/);
  expect(posts.length).toBeGreaterThan(1);
});

test("one of two creates on a connection that the server leaves has arrived, and only the other is sent again", async () => {
  const asks: Http2ServerRequest[] = [];
  const { organizations, posts } = await begin((asked, reply) => {
    asks.push(asked);
    if (asks.length > 2) return answer(reply, 201, made);
    const [first] = asks;
    if (asks.length < 2 || first === undefined) return;
    first.stream.session?.goaway(constants.NGHTTP2_NO_ERROR, first.stream.id ?? 0);
    setTimeout(() => first.stream.session?.destroy(), 200);
  });
  const ends = await Promise.allSettled([1, 2].map(() => organizations.create(undefined, { displayName: "Megasoft" })));
  const lost = ends.filter((end) => end.status === "rejected").map(({ reason }) => reason);
  expect(lost).toMatchObject([{ mayHaveArrived: true, mayHaveActed: true }]);
  expect(posts).toHaveLength(3);
});

test("a server that goes away in order is asked again over a new connection", async () => {
  let asked = 0;
  const { organizations, sessions } = await begin((request, reply) => {
    answer(reply, 201, made);
    if (++asked === 1) request.stream.session?.close();
  });
  for (let n = 0; n < 3; n++) await organizations.create(undefined, { displayName: "Megasoft" });
  expect(sessions).toHaveLength(2);
});

test("what only reads is asked again when the connection was lost", async () => {
  let asked = 0;
  const { organizations } = await begin((request, reply) =>
    ++asked === 1 ? request.stream.session?.destroy() : answer(reply, 200, made),
  );
  expect(await organizations.get("org_1")).toMatchObject({ id: "org_1" });
});
