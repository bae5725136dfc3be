import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { Agent, type Dispatcher } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { organization } from "../../src/definitions/organization.ts";
import { mayHaveActed } from "../../src/errors.ts";
import { hasOpenssl, newIdentity } from "../support/certificate.ts";
import { type Answer, startServer } from "../support/server.ts";
import { simulatedTime } from "../support/simulated-time.ts";

/** What a client of `url` fails with at its first request, how often it tried, and how long it waited. */
async function failureAt(environmentUrl: string, dispatcher: Dispatcher = new Agent()) {
  const { clock, slept } = simulatedTime();
  const traced: string[] = [];
  const client = newClient({
    environmentUrl,
    clientId: "id",
    clientSecret: "s3cret",
    clock,
    dispatcher,
    trace: (line) => traced.push(line),
  });
  onTestFinished(() => dispatcher.destroy());
  const error = await client.authenticate().then(
    () => expect.unreachable("It was answered."),
    (reason: Error) => reason,
  );
  return { message: error.message, attempts: traced.length, slept, error };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Fails each request so, before a connection is made. */
const failing = (code: string): Dispatcher =>
  new Agent({ connect: (_, done) => done(Object.assign(new Error(`${code} happened`), { code }), null) });

const setting = /scalekit:environmentUrl, SCALEKIT_ENVIRONMENT_URL.*run `npx pulumi-scalekit doctor`\.$/;

describe("what another attempt would not change is tried once, and names the setting and the doctor", () => {
  test.each<[string, RegExp]>([
    ["ENOTFOUND", /There is no host of that name/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /NODE_EXTRA_CA_CERTS/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /NODE_EXTRA_CA_CERTS/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /NODE_EXTRA_CA_CERTS/],
    ["CERT_HAS_EXPIRED", /certificate is not valid/],
    ["CERT_NOT_YET_VALID", /certificate is not valid/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /certificate is not valid/],
    ["ERR_SSL_UNSUPPORTED_PROTOCOL", /does not speak https/],
  ])("%s", async (code, advice) => {
    const { message, attempts, slept } = await failureAt("https://acme.scalekit.test", failing(code));
    expect(message).toContain(`acme.scalekit.test could not be reached (${code}`);
    expect(message).toMatch(advice);
    expect(message).toMatch(setting);
    expect(attempts).toBe(1);
    expect(slept).toEqual([]);
  });

  test("https to a server of http", async () => {
    const host = await listening(createHttpServer((_, response) => void response.end()));
    const { message, attempts } = await failureAt(`https://${host}`);
    expect(message).toMatch(
      /could not be reached \((?:EPROTO|ERR_SSL_).*\) \(POST.*The server there does not speak https\./,
    );
    expect(message).toMatch(setting);
    expect(attempts).toBe(1);
  });

  test("a server of another protocol", async () => {
    const host = await listening(
      createTcpServer((socket) => void socket.on("error", () => {}).end("220 mail.example.com ESMTP\r\n")),
    );
    const { message, attempts } = await failureAt(`http://${host}`);
    expect(message).toMatch(/The server there does not speak HTTP\./);
    expect(message).toMatch(setting);
    expect(attempts).toBe(1);
  });

  test.skipIf(!hasOpenssl())("a real certificate that nobody has signed", async () => {
    const host = await listening(
      createHttpsServer(newIdentity("-subj", "/CN=127.0.0.1"), (_, response) => void response.end()),
    );
    const { message, attempts } = await failureAt(`https://${host}`);
    expect(message).toMatch(/could not be reached \(DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);
    expect(message).toMatch(setting);
    expect(attempts).toBe(1);
  });
});

describe("what may pass is tried again, and names the setting and the doctor in the end", () => {
  test.each(["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "ENETUNREACH", "ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"])(
    "%s",
    async (code) => {
      const { message, attempts } = await failureAt("https://acme.scalekit.test", failing(code));
      expect(message).toMatch(/That was the last of 6 attempts/);
      expect(message).toMatch(setting);
      expect(attempts).toBe(6);
    },
  );
});

describe("a server that is not Scalekit's", () => {
  const page: Answer = {
    status: 405,
    text: "<html>no</html>",
    headers: { "content-type": "text/html; charset=utf-8" },
  };

  test("is recognized by its web page", async () => {
    const server = await startServer(() => page);
    const { message, attempts } = await failureAt(server.url);
    expect(message).toMatch(
      /^Could not get an access token: 127\S+ answered 405 with HTML: is this a Scalekit environment, or a proxy on the way\? \(POST \/oauth\/token\)\. Check/,
    );
    expect(message).toMatch(setting);
    expect(attempts).toBe(1);
  });

  test.each([401, 403, 404])("is recognized where it answers %s", async (status) => {
    const server = await startServer(() => ({ ...page, status }));
    expect((await failureAt(server.url)).message).toContain(`answered ${status} with HTML: is this a Scalekit`);
  });

  test("that answers 200 with a page is recognized too", async () => {
    const server = await startServer(() => ({ ...page, status: 200 }));
    const { message } = await failureAt(server.url);
    expect(message).toContain("it is text/html, not JSON");
    expect(message).toMatch(setting);
  });

  test("is not taken for one where Scalekit's own front is busy", async () => {
    const server = await startServer(() => ({ ...page, status: 503 }));
    const { message, attempts } = await failureAt(server.url);
    expect(message).toContain("Scalekit answered 503");
    expect(message).not.toContain("is this a Scalekit environment");
    expect(attempts).toBe(6);
  });

  test("leaves open what it did with a create", async () => {
    const server = await startServer(({ path }) => (path === "/oauth/token" ? undefined : page));
    const client = newClient({ environmentUrl: server.url, clientId: "id", clientSecret: "s3cret" });
    onTestFinished(() => client.close());
    const creating = client.of(organization).create(undefined, { displayName: "Megasoft" });
    expect(mayHaveActed(await creating.catch((error: unknown) => error))).toBe(true);
  });
});
