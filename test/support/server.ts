import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** A request as it came over the wire. */
export interface Asked {
  readonly method: string;
  /** With its query, as sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: JSON, or text as it is; or a function that does with the response what no decent server would. */
export type Answer =
  | { status?: number; json?: unknown; text?: string; headers?: Record<string, string> }
  | ((response: ServerResponse) => void);

/**
 * A real HTTP server that answers as a test says, for what the emulator is too decent to do. It gives out tokens by
 * itself unless `answer` says what to answer to `/oauth/token`. It is gone when the test is.
 */
export async function startServer(answer: (asked: Asked) => Answer | undefined | Promise<Answer | undefined>) {
  const asked: Asked[] = [];
  let tokens = 0;
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: await text(request) };
    asked.push(one);
    const said =
      (await answer(one)) ??
      (path === "/oauth/token" ? { json: { access_token: `token-${++tokens}`, expires_in: 86_399 } } : {});
    if (typeof said === "function") return said(response);
    const body = said.text ?? JSON.stringify(said.json ?? {});
    response.writeHead(said.status ?? 200, { "content-type": "application/json", ...said.headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    /** What was asked of the API, without the tokens. */
    calls: () => asked.filter(({ path }) => path !== "/oauth/token"),
  };
}
