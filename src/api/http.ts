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
 * HTTP/2 if the server supports it. All requests share one handshake, while HTTP/1.1 needs one for each request under way. Measured over
 * TLS, with 10 and with 100 requests at once, a request took half the processor time.
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

/** Collects the answer as it arrives. undici's `request` would make a stream of it, and each request pays for that. */
export function exchange(
  dispatcher: Dispatcher,
  { operation, url, timeout, mayLeave = () => true, ...sent }: HttpRequest,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const progress: Progress = { hasLeft: false, isAnswered: false };
    const chunks: Buffer[] = [];
    let reply: Omit<HttpReply, "body"> | undefined;
    let size = 0;
    let request: Dispatcher.DispatchController | undefined;
    let isOver = false;
    const deadline = setTimeout(() => {
      const late = new DOMException("The time is over.", "TimeoutError");
      fail(late);
      request?.abort(late);
    }, timeout);

    function fail(error: unknown): void {
      if (!isOver) reject(asTransportError(operation, url, timeout, progress, error));
      end();
    }

    function succeed(body: string | undefined): void {
      if (reply !== undefined) resolve({ ...reply, body });
      end();
    }

    function end(): void {
      isOver = true;
      clearTimeout(deadline);
    }

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        request = controller;
        if (isOver || !mayLeave()) controller.abort(new Error("the request is no longer needed"));
        else progress.hasLeft = true;
      },
      onResponseStart(_, status, headers) {
        if (status < 200) return;
        progress.isAnswered = true;
        reply = { status, headers: singleValued(headers) };
      },
      onResponseData(controller, chunk) {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= largestBody) return;
        succeed(undefined);
        controller.abort(new Error("the answer is too large"));
      },
      onResponseEnd: () => succeed(Buffer.concat(chunks).toString("utf8")),
      onResponseError: (_, error) => fail(error),
    };
    try {
      // A compressed answer could expand to any size.
      const headers = { ...sent.headers, "accept-encoding": "identity" };
      const path = url.pathname + url.search;
      dispatcher.dispatch(
        { origin: url.origin, path, method: operation.method, headers, body: sent.body ?? null },
        handler,
      );
    } catch (error) {
      fail(error);
    }
  });
}

/** The progress of a request. */
interface Progress {
  /** A connection is open, and the first byte is about to be written. */
  hasLeft: boolean;
  isAnswered: boolean;
}

const singleValued = (headers: Readonly<Record<string, string | string[] | undefined>>): HttpReply["headers"] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));

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
