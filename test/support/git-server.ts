import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createProxy, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";

const exec = promisify(execFile);
const host = "git.example.com";

export interface GitServer extends AsyncDisposable {
  /** Where the repositories are, without a slash at the end. The CLI misreads a URL with a port. */
  readonly url: string;
  /** With these variables a program finds it there, and everything else where it is. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Serves the bare repositories below `root` over HTTPS, which is all that the Pulumi CLI clones from, by Git's own program. Keeps its
 * certificate in `folder`.
 */
export async function serveGit(root: string, folder: string): Promise<GitServer> {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const names = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await exec("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", certificate]);
  const identity = { key: await readFile(key), cert: await readFile(certificate) };
  const server = createServer(identity, (request, response) => answer(root, request, response));
  const port = await listening(server);
  const proxy = createProxy().on("connect", (request, client, head) => {
    const { hostname, port: asked } = new URL(`https://${request.url}`);
    const target = hostname === host ? connect(port, "127.0.0.1") : connect(Number(asked || 443), hostname);
    target.on("connect", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      target.write(head);
      target.pipe(client).pipe(target);
    });
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const)
      one.on("error", () => other.destroy());
  });
  return {
    url: `https://${host}`,
    env: { HTTPS_PROXY: `http://127.0.0.1:${await listening(proxy)}`, SSL_CERT_FILE: certificate },
    async [Symbol.asyncDispose]() {
      for (const one of [proxy, server]) {
        one.close();
        one.closeAllConnections();
      }
    },
  };
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

/** As a web server runs a CGI program. */
function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", `https://${host}`);
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"],
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  request.pipe(backend.stdin);
  const parts: Buffer[] = [];
  backend.stdout.on("data", (part: Buffer) => parts.push(part));
  backend.on("close", () => {
    const whole = Buffer.concat(parts);
    const end = whole.indexOf("\r\n\r\n");
    for (const line of whole.subarray(0, end).toString().split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(whole.subarray(end + 4));
  });
}
