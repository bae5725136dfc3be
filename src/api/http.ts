import { constants } from "node:http2";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { type Proxies, proxyFor } from "../config/proxy.ts";
import { type Operation, TransportError } from "../errors.ts";

/** One HTTP exchange over a pool of kept-alive connections: no retries, no tokens, no opinion about the status. */
export interface HttpRequest {
  readonly operation: Operation;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the whole answer must be there. */
  readonly timeout: number;
  /** Called when a connection is open, before the first byte is written. @default yes */
  readonly mayLeave?: () => boolean;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `undefined` when it is larger than any answer of the API. */
  readonly body: string | undefined;
}

/** A page of 100 organizations at every limit of the API is under 4 MB. */
export const largestBody = 8 * 1024 * 1024;
const connectTimeout = 10_000;
/**
 * HTTP/2 if the server supports it. By `npm run bench:protocol` a request costs half the work, and all requests share one handshake,
 * while HTTP/1.1 needs one for each request under way.
 */
const allowH2 = true;

/** Connections to the environment, through the proxy that is set for its host. */
export function newConnectionPool(environmentUrl: string, proxies?: Proxies): Dispatcher {
  const connect = { timeout: connectTimeout };
  const scheme = proxies && proxyFor(new URL(environmentUrl), proxies);
  return scheme === undefined
    ? new Agent({ connect, allowH2 })
    : new ProxyAgent({ connect, allowH2, uri: proxies?.[scheme] ?? "" });
}

export async function exchange(
  dispatcher: Dispatcher,
  { operation, mayLeave = () => true, ...sent }: HttpRequest,
): Promise<HttpReply> {
  const progress: Progress = { hasLeft: false, isAnswered: false };
  try {
    const reply = await watching(dispatcher, progress, mayLeave).request({
      origin: sent.url.origin,
      path: sent.url.pathname + sent.url.search,
      method: operation.method,
      // A compressed answer could expand to any size.
      headers: { ...sent.headers, "accept-encoding": "identity" },
      body: sent.body ?? null,
      signal: AbortSignal.timeout(sent.timeout),
    });
    progress.isAnswered = true;
    const headers = Object.fromEntries(
      Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
    );
    return { status: reply.statusCode, headers, body: await readBody(reply.body) };
  } catch (error) {
    throw asTransportError(operation, sent.url, sent.timeout, progress, error);
  }
}

/** The progress of a request. */
interface Progress {
  /** A connection is open, and the first byte is about to be written. */
  hasLeft: boolean;
  isAnswered: boolean;
}

/** A `dispatcher` for one request that records its progress, and asks at the last moment whether it may be sent. */
const watching = (dispatcher: Dispatcher, progress: Progress, mayLeave: () => boolean): Dispatcher =>
  dispatcher.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart(controller, context) {
          if (!mayLeave()) return controller.abort(new Error("the request is no longer needed"));
          progress.hasLeft = true;
          handler.onRequestStart?.(controller, context);
        },
        onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
        onResponseData: (...answer) => handler.onResponseData?.(...answer),
        onResponseEnd: (...answer) => handler.onResponseEnd?.(...answer),
        onResponseError: (...answer) => handler.onResponseError?.(...answer),
      }),
  );

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

/** Whether HTTP/2 says that the server did not process the request: it refused the stream, or closed the connection before it. */
const isRefused = ({ http2ErrorCode, message }: Failure): boolean =>
  http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM || /"GOAWAY" frame received/.test(message ?? "");

interface Failure {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly http2ErrorCode?: number;
}

function asTransportError(
  operation: Operation,
  { host }: URL,
  timeout: number,
  { hasLeft, isAnswered }: Progress,
  error: unknown,
): TransportError {
  const failure = error as Failure;
  const refused = hasLeft && !isAnswered && isRefused(failure);
  const detail = [typeof failure.code === "string" ? failure.code : undefined, failure.message]
    .filter(Boolean)
    .join(": ");
  return new TransportError(operation, reason(), hasLeft && !refused, error);

  function reason(): string {
    if (failure.name === "TimeoutError") {
      return hasLeft
        ? `${host} did not answer within ${timeout / 1000} s`
        : `${host} could not be reached within ${timeout / 1000} s`;
    }
    if (refused) return `${host} refused the request before processing it (${detail})`;
    if (hasLeft) return `the connection to ${host} failed (${detail})`;
    return failure.code === "UND_ERR_INVALID_ARG"
      ? `the request to ${host} cannot be sent over HTTP (${detail})`
      : `${host} could not be reached (${detail})`;
  }
}
