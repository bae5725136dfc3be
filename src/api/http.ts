import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { type Operation, TransportError } from "../errors.ts";
import { isLoopback } from "./environment-url.ts";

/** One HTTP exchange over a pool of kept-alive connections: no retries, no tokens, no opinion about the status. */
export interface HttpRequest {
  readonly operation: Operation;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `undefined` when it is larger than any answer of the API. */
  readonly body: string | undefined;
}

/** Proxies by what they are for, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY name them. */
export interface Proxies {
  readonly http: string;
  readonly https: string;
  /** Hosts to reach without a proxy, with commas between them. */
  readonly none: string;
}

/** A page of 100 organizations at every limit of the API is under 4 MB. */
export const largestBody = 8 * 1024 * 1024;
const connectTimeout = 10_000;
/**
 * HTTP/2 where the server speaks it: by `npm run bench:protocol` half the work a request, and one handshake for all of them
 * where HTTP/1.1 has one for each that is under way.
 */
const allowH2 = true;

/** Connections to the environment, through the proxy that is set for its host. This machine is never behind a proxy. */
export function newConnectionPool(environmentUrl: string, proxies?: Proxies): Dispatcher {
  const connect = { timeout: connectTimeout };
  if (proxies === undefined || isLoopback(new URL(environmentUrl))) return new Agent({ connect, allowH2 });
  const { http: httpProxy, https: httpsProxy, none: noProxy } = proxies;
  // Each is given, be it as "", because undici would look into the environment for one that is not.
  return new EnvHttpProxyAgent({ connect, allowH2, httpProxy, httpsProxy, noProxy });
}

export async function exchange(dispatcher: Dispatcher, { operation, ...sent }: HttpRequest): Promise<HttpReply> {
  try {
    const reply = await dispatcher.request({
      origin: sent.url.origin,
      path: sent.url.pathname + sent.url.search,
      method: operation.method,
      // A compressed answer could unfold to any size.
      headers: { ...sent.headers, "accept-encoding": "identity" },
      body: sent.body ?? null,
      signal: AbortSignal.timeout(sent.timeout),
    });
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    return { status: reply.statusCode, headers, body: await readBody(reply.body) };
  } catch (error) {
    throw asTransportError(operation, sent.url, sent.timeout, error);
  }
}

async function readBody(body: Dispatcher.ResponseData["body"]): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Failures before a connection stood: nothing can have reached the server. */
const neverSent = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_CONN",
  "UND_ERR_PRX_TLS",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function asTransportError(operation: Operation, url: URL, timeout: number, error: unknown): TransportError {
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  if (name === "TimeoutError") {
    return new TransportError(operation, `${url.host} did not answer within ${timeout / 1000} s`, true, error);
  }
  // A proxy that refuses to open the tunnel has a code in common with requests that were given up on their way.
  const unreached = (typeof code === "string" && neverSent.has(code)) || /^Proxy response \(\d+\)/.test(message ?? "");
  const detail = [typeof code === "string" ? code : undefined, message].filter(Boolean).join(": ");
  const reason = unreached
    ? `${url.host} could not be reached (${detail})`
    : `the connection to ${url.host} failed (${detail})`;
  return new TransportError(operation, reason, !unreached, error);
}
