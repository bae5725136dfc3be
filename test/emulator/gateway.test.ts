import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { begin, send } from "../support/plain-client.ts";

const notFound = { status: 404, body: { code: 5, message: "Not Found", details: [] } };
const notAllowed = { status: 501, body: { code: 12, message: "Method Not Allowed", details: [] } };

test.each([
  ["GET", "/nonsense"],
  ["GET", "/api/v1"],
  ["GET", "/api/v1/users"],
  ["GET", "/api/v1/organizations/"],
  ["GET", "/api/v1/organizations/org_1/nonsense"],
  ["GET", "/api/v1/organizations:external/"],
  ["PUT", "/api/v1/organizations/org_1/portal_links"],
  ["GET", "/oauth/nonsense"],
  ["GET", "/_emulator/nonsense"],
])("an unknown path is answered without a look at the token: %s %s", async (method, path) => {
  const { emulator } = await begin();
  expect(await send(emulator.url + path, { method })).toMatchObject(notFound);
});

test.each([
  ["PUT", "/api/v1/organizations"],
  ["DELETE", "/api/v1/organizations"],
  ["POST", "/api/v1/organizations/org_1"],
  ["PUT", "/api/v1/organizations/org_1"],
  ["GET", "/api/v1/organizations/org_1/settings"],
  ["PATCH", "/api/v1/organizations:external/CUST-1"],
  ["GET", "/oauth/token"],
])("a method that a path does not have is not implemented: %s %s", async (method, path) => {
  const { emulator } = await begin();
  expect(await send(emulator.url + path, { method })).toMatchObject(notAllowed);
});

test("HEAD is no method of the API's", async () => {
  const { call } = await begin();
  expect(await call("HEAD", "/organizations")).toMatchObject({ status: 501, body: "" });
  expect(await call("HEAD", "/users")).toMatchObject({ status: 404, body: "" });
});

test.each(["%", "%zz", "%ED%A0%80", "%FF"])("a path that is no UTF-8 is refused: %s", async (path) => {
  const { call } = await begin();
  expect((await call("GET", `/organizations:external/${path}`)).status).toBe(400);
});

test("NUL in a path is refused", async () => {
  const { call } = await begin();
  expect((await call("GET", "/organizations:external/%00")).status).toBe(400);
});

test.each(["", "{", '{"display_name"', "display_name=X", "{} {}"])(
  "a body that is no JSON is refused: %j",
  async (body) => {
    const { call, emulator } = await begin();
    const answer = await call("POST", "/organizations", body);
    expect(answer).toMatchObject({ status: 400, body: { code: 3, details: [{ error_code: "INVALID_ARGUMENT" }] } });
    expect(emulator.organizations()).toEqual([]);
  },
);

test.each(["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"])(
  "the body is read as JSON whatever its type is said to be: %s",
  async (type) => {
    const { emulator, authorization } = await begin();
    const headers = { authorization, "content-type": type };
    const body = '{"display_name":"X"}';
    expect(await send(`${emulator.url}/api/v1/organizations`, { method: "POST", headers, body })).toMatchObject({
      status: 201,
    });
  },
);

test("a body of more than a mebibyte is refused as a proxy would", async () => {
  const { call, emulator, log, authorization } = await begin();
  const body = (bytes: number) => `{"display_name":"X"}${" ".repeat(bytes - 20)}`;
  expect(await call("POST", "/organizations", body(1024 * 1024))).toMatchObject({ status: 201 });
  const refused = await call("POST", "/organizations", body(1024 * 1024 + 1));
  expect(refused).toMatchObject({ status: 413, body: expect.stringContaining("Too Large") });
  expect(emulator.organizations()).toHaveLength(1);
  const stream = new Blob([body(1024 * 1024 + 1)]).stream();
  const headers = { authorization };
  const init = { method: "POST", headers, body: stream, duplex: "half" } as RequestInit;
  expect(await send(`${emulator.url}/api/v1/organizations`, init)).toMatchObject({ status: 413 });
  expect(log().map(({ status }) => status)).toEqual([201, 413, 413]);
});

/** What is answered to the beginning of a body in chunks, the end of which never comes. */
async function answerToBeginning(url: string, path: string, headers: string[], bytes: number): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const socket = connectSocket(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const head = [`POST ${path} HTTP/1.1`, `host: ${host}`, "transfer-encoding: chunked", ...headers, "", ""].join(
    "\r\n",
  );
  socket.write(head);
  const chunk = Buffer.alloc(16 * 1024, " ");
  for (let sent = 0; sent < bytes; sent += chunk.length) {
    socket.write(`${chunk.length.toString(16)}\r\n`);
    socket.write(chunk);
    socket.write("\r\n");
  }
  const [answer] = await once(socket, "data");
  return String(answer).split("\r\n")[0] ?? "";
}

test("a body in chunks is not waited for where there is no token, or is too large", async () => {
  const { emulator, authorization } = await begin();
  const answer = (path: string, headers: string[], bytes: number) =>
    answerToBeginning(emulator.url, path, headers, bytes);
  const token = `authorization: ${authorization}`;
  const json = "content-type: application/json";
  const mebibyte = 1024 * 1024;
  expect(await answer("/api/v1/organizations", [], 1024)).toContain(" 401 ");
  expect(await answer("/api/v1/organizations", [], 2 * mebibyte)).toContain(" 401 ");
  expect(await answer("/api/v1/nonsense", [], 2 * mebibyte)).toContain(" 404 ");
  expect(await answer("/api/v1/organizations", [token], mebibyte + 1)).toContain(" 413 ");
  expect(await answer("/oauth/token", [], mebibyte + 1)).toContain(" 413 ");
  expect(await answer("/_emulator/faults", [json], mebibyte + 1)).toContain(" 413 ");
  expect(await answer("/_emulator/faults", [], mebibyte + 1)).toContain(" 415 ");
  const long = { "content-type": "application/json" };
  const faults = `${emulator.url}/_emulator/faults`;
  expect(await send(faults, { method: "POST", headers: long, body: " ".repeat(mebibyte + 1) })).toMatchObject({
    status: 413,
  });
});

test("a body in chunks is read like any other", async () => {
  const { emulator, authorization } = await begin();
  const sent = (path: string, body: string) =>
    send(`${emulator.url}${path}`, {
      method: "POST",
      headers: { authorization },
      body: new Blob([body]).stream(),
      duplex: "half",
    } as RequestInit);
  const answer = await sent("/api/v1/organizations", `{"display_name":"\u00fcmlaut"}${" ".repeat(1024 * 1024 - 26)}`);
  expect(answer).toMatchObject({ status: 201, body: { organization: { display_name: "\u00fcmlaut" } } });
  const grant = "grant_type=client_credentials&client_id=emulator&client_secret=emulator-secret";
  expect(await sent("/oauth/token", grant)).toMatchObject({ status: 200, body: { token_type: "Bearer" } });
});

test("every answer has a request id of its own", async () => {
  const { call } = await begin();
  const answers = [
    await call("GET", "/organizations"),
    await call("GET", "/users"),
    await call("GET", "/organizations/x"),
  ];
  const ids = answers.map(({ headers }) => headers.get("x-request-id"));
  expect(ids).toEqual(answers.map(() => expect.stringMatching(/^req_[0-9a-f-]{36}$/)));
  expect(new Set(ids).size).toBe(3);
});

test("the log has every request in order, as it was asked, with what it was answered", async () => {
  const { call, emulator, create } = await begin();
  const { id } = await create({ display_name: "X" });
  await call("GET", "/organizations:external/a%2Fb?x=1");
  await call("DELETE", `/organizations/${id}`);
  await call("PUT", "/organizations");
  await send(`${emulator.url}/api/v1/organizations`);
  await send(`${emulator.url}/_emulator/organizations`);
  expect(emulator.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    "POST /oauth/token 200",
    "POST /api/v1/organizations 201",
    "GET /api/v1/organizations:external/a%2Fb 404",
    `DELETE /api/v1/organizations/${id} 200`,
    "PUT /api/v1/organizations 501",
    "GET /api/v1/organizations 401",
  ]);
});

test("listens to this machine only, unless the options say otherwise", async () => {
  const { emulator } = await begin();
  const { hostname, port } = new URL(emulator.url);
  expect(hostname).toBe("127.0.0.1");
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  const reached = (at: string) =>
    others.map(
      ({ address }) =>
        new Promise<boolean>((done) => {
          const socket = connectSocket({ host: address, port: Number(at), timeout: 2_000 });
          const end = (answer: boolean) => {
            socket.destroy();
            done(answer);
          };
          socket
            .on("connect", () => end(true))
            .on("error", () => end(false))
            .on("timeout", () => end(false));
        }),
    );
  expect(await Promise.all(reached(port))).not.toContain(true);
  const everywhere = new URL((await begin({ host: "0.0.0.0" })).emulator.url);
  expect(everywhere.hostname).toBe("127.0.0.1");
  expect(await Promise.all(reached(everywhere.port))).not.toContain(false);
});

test("closing twice is closing once", async () => {
  const { emulator } = await begin();
  await emulator.close();
  await emulator.close();
  await expect(fetch(emulator.url)).rejects.toThrow();
});
