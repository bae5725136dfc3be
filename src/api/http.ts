import { Agent, type Dispatcher, request } from "undici";
import { type Operation, TransportError } from "../errors.ts";

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
  readonly body: string;
}

/** A page of 100 organizations at every limit of the API is under 4 MB. */
const largestBody = 8 * 1024 * 1024;
const connectTimeout = 10_000;

export const newConnectionPool = (): Dispatcher => new Agent({ connect: { timeout: connectTimeout } });

export async function exchange(dispatcher: Dispatcher, { operation, ...sent }: HttpRequest): Promise<HttpReply> {
  try {
    const reply = await request(sent.url, {
      dispatcher,
      method: operation.method,
      headers: sent.headers,
      body: sent.body ?? null,
      signal: AbortSignal.timeout(sent.timeout),
    });
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    return { status: reply.statusCode, headers, body: await readBody(reply.body, operation) };
  } catch (error) {
    throw error instanceof TransportError ? error : asTransportError(operation, sent.url, sent.timeout, error);
  }
}

async function readBody(body: Dispatcher.ResponseData["body"], operation: Operation): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) {
      body.destroy();
      throw new TransportError(operation, `the answer is larger than ${largestBody} bytes`, true);
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
  const unreached = typeof code === "string" && neverSent.has(code);
  const detail = [typeof code === "string" ? code : undefined, message].filter(Boolean).join(": ");
  const reason = unreached
    ? `${url.host} could not be reached (${detail})`
    : `the connection to ${url.host} failed (${detail})`;
  return new TransportError(operation, reason, !unreached, error);
}
