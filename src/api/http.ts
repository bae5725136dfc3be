import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { type Proxies, proxyFor } from "../config/proxy.ts";
import { type Operation, StoppedError } from "../errors.ts";
import { asTransportError, type Progress } from "./failure.ts";
import type { Stop } from "./stop.ts";

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
  /** @default never */
  readonly stop?: Stop;
}

export interface HttpReply {
  readonly status: number;
  readonly host: string;
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
  { operation, url, timeout, mayLeave = () => true, stop, ...sent }: HttpRequest,
): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const progress: Progress = { hasLeft: false, isAnswered: false };
    const chunks: Buffer[] = [];
    let reply: Omit<HttpReply, "body"> | undefined;
    let size = 0;
    let request: Dispatcher.DispatchController | undefined;
    let isOver = false;
    // Made when it is needed: its stack trace costs a request more than anything else here.
    const deadline = setTimeout(() => giveUp(new DOMException("The time is over.", "TimeoutError")), timeout);
    let stopped: NodeJS.Timeout | undefined;
    const stopping = () => {
      stopped = setTimeout(() => giveUp(new StoppedError()), stop?.left());
    };
    const off = stop?.onBegin(stopping);
    if (stop?.hasBegun()) stopping();

    function giveUp(why: Error): void {
      fail(why);
      request?.abort(why);
    }

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
      off?.();
      clearTimeout(deadline);
      clearTimeout(stopped);
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
        reply = { status, host: url.host, headers: singleValued(headers) };
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

const singleValued = (headers: Readonly<Record<string, string | string[] | undefined>>): HttpReply["headers"] =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
