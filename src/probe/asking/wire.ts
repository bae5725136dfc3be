import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../../api/clock.ts";
import { noGate } from "../../api/gate.ts";
import { exchange, type HttpReply, newConnectionPool } from "../../api/http.ts";
import { capsOf } from "../../api/rate-limiter.ts";
import { newStop } from "../../api/stop.ts";
import { newTransport } from "../../api/transport.ts";
import type { Settings } from "../../config/settings.ts";
import type { Operation } from "../../errors.ts";
import { Interrupted, Unanswered } from "./answer.ts";
import { discreet, type Exchange } from "./recording.ts";

/** A request to the API. */
export interface Request {
  readonly method: Operation["method"];
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A status that is an answer to this request, although it is none to others. */
  readonly also?: 403;
}

/** An answer, whatever its status. */
export interface Reply {
  readonly status: number;
  /** Absent where the body is not JSON. */
  readonly json: unknown;
  readonly headers: HttpReply["headers"];
}

/** How a request is sent, and who hears of its answer. */
export interface Asking {
  /** What it is for, as it follows "could not". */
  readonly what: string;
  readonly signal: AbortSignal;
  readonly record: (exchange: Exchange) => void;
  readonly isOwn: (thing: unknown) => boolean;
}

export interface WireOptions extends Settings {
  readonly clock?: Clock | undefined;
  readonly dispatcher?: Dispatcher | undefined;
  /** Tells the user what takes long. */
  readonly say?: ((line: string) => void) | undefined;
  /** Tells of each request. */
  readonly trace?: ((line: string) => void) | undefined;
}

export type Wire = ReturnType<typeof openWire>;

/** The environment as it answers: by the client's own transport, which has the token and the retries, and past its schemas. */
export function openWire(options: WireOptions) {
  const clock = options.clock ?? systemClock;
  const dispatcher = options.dispatcher ?? newConnectionPool(options.environmentUrl, options.proxies);
  const transport = newTransport({
    ...options,
    dispatcher,
    clock,
    timeout: answerTimeout,
    operationTimeout: options.operationTimeout ?? 120_000,
    isTimeoutFixed: false,
    gate: noGate,
    // An interruption is answered at once, and the requests under way may end, so that the clean-up knows their outcome.
    stop: newStop(),
    say: options.say ?? (() => {}),
    trace: options.trace,
    ...capsOf(options),
  });
  const underWay = new Set<Promise<unknown>>();
  /** When the API's answers came, for a count of the last minute. */
  const times: number[] = [];

  /**
   * Sends a request and hears its answer. `heard` is called with it even if the user has had enough meanwhile.
   *
   * Throws Interrupted, a TransportError, or Unanswered where the answer is none of the API's to this request.
   */
  async function ask(request: Request, asking: Asking, heard: (reply: Reply) => void = () => {}): Promise<Reply> {
    const { method, path, query, body } = request;
    requireGoing(asking.signal);
    const call = {
      operation: { what: asking.what, method, path } as const,
      path,
      repeatable: method !== "POST",
      ...(query && { query }),
      ...(body && { body }),
    };
    const sent = transport.ask(call).then(
      ({ reply }) => {
        const answer = replyOf(reply);
        times.push(clock.now());
        asking.record(recorded(request, asking, answer));
        if (!isFailure(answer.status, request)) heard(answer);
        return answer;
      },
      (error: unknown) => {
        asking.record(recorded(request, asking, undefined));
        throw error;
      },
    );
    underWay.add(sent);
    const over = () => void underWay.delete(sent);
    sent.then(over, over);
    const reply = await orInterrupted(sent, asking.signal);
    if (isFailure(reply.status, request)) {
      throw new Unanswered(`Scalekit answered ${reply.status} to ${method} ${path}${because(reply, transport)}`);
    }
    return reply;
  }

  /** A request as it is: no token, no retry, no turn in the line. It is recorded by its answer alone. */
  async function plain(
    { method, path, query }: Request,
    { headers, body }: { headers: Readonly<Record<string, string>>; body?: string },
    asking: Asking,
  ): Promise<Reply> {
    requireGoing(asking.signal);
    const url = new URL(path, options.environmentUrl);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const operation = { what: asking.what, method, path };
    const sent = exchange(dispatcher, {
      operation,
      url,
      headers: { accept: "application/json", ...headers },
      timeout: answerTimeout,
      ...(body !== undefined && { body }),
    });
    const reply = replyOf(await orInterrupted(sent, asking.signal));
    if (path.startsWith("/api/")) times.push(clock.now());
    return reply;
  }

  function recorded({ method, path, query, body }: Request, { isOwn }: Asking, reply: Reply | undefined): Exchange {
    const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
    const shown = (value: unknown) => discreet(value, { withoutSecrets: transport.withoutSecrets, isOwn });
    const request = {
      method,
      path: `${path}${search}`.replace(/(?<=page_token=)[^&]+/, "[hidden]"),
      ...(body && { body: shown(body) }),
    };
    if (reply === undefined) return { request };
    const { status, json } = reply;
    return { request, response: { status, requestId: reply.headers["x-request-id"], body: shown(json) } };
  }

  return {
    ask,
    plain,
    recorded,
    clock,
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    authenticate: (signal: AbortSignal) => orInterrupted(transport.authenticate(), signal),
    /** How many answers of the API's came within the last minute. */
    answeredWithinAMinute: () => times.filter((time) => time > clock.now() - 60_000).length,
    /** Waits for what is under way, but not for ever. */
    async settle(milliseconds: number): Promise<void> {
      if (underWay.size > 0) await Promise.race([Promise.allSettled([...underWay]), clock.sleep(milliseconds)]);
    },
    close: () => dispatcher.close(),
    destroy: () => dispatcher.destroy(),
  };
}

const answerTimeout = 30_000;

/** Whether the answer is not the API's to this request: something in front of the API answered, or it only says "not you" or "not now". */
const isFailure = (status: number, { also }: Request): boolean =>
  status !== also && ([401, 403, 408, 429].includes(status) || status >= 500 || (status >= 300 && status < 400));

function because({ json }: Reply, { withoutSecrets }: { withoutSecrets: (text: string) => string }): string {
  const message = at(json, "message");
  return typeof message === "string" ? `: ${withoutSecrets(message)}` : "";
}

function requireGoing(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted("It was interrupted.");
}

function orInterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Interrupted("It was interrupted."));
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function replyOf({ status, headers, body }: HttpReply): Reply {
  try {
    return { status, headers, json: JSON.parse(body || "{}") };
  } catch {
    return { status, headers, json: undefined };
  }
}

/** The value in JSON under these names, if there is one. */
export function at(json: unknown, ...names: readonly (string | number)[]): unknown {
  return names.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string | number, unknown>)[name] : undefined,
    json,
  );
}
