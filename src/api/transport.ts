import type { Dispatcher } from "undici";
import type { z } from "zod";
import { type Effort, isTransportError, type Operation, TransportError } from "../errors.ts";
import { inSeconds } from "../text/effort.ts";
import { decodeAnswer } from "./answer.ts";
import { encodeTokenRequest, tokenAnswer } from "./answers.ts";
import { tokenSource } from "./auth.ts";
import type { Clock } from "./clock.ts";
import type { Gate } from "./gate.ts";
import { withoutHidden } from "./hidden.ts";
import { exchange, type HttpReply, type HttpRequest } from "./http.ts";
import { type Caps, front, newRateLimiter, type Permit, type Place } from "./rate-limiter.ts";
import { type Budget, type End, maxAttempts, newBudget, type Outcome, WaitTooLong, withRetries } from "./retry.ts";
import { serverTime } from "./server-time.ts";
import { type Stop, stoppable } from "./stop.ts";
import { traceOf } from "./trace.ts";
import { newWaiting } from "./waiting.ts";

/** A call of the API: authenticated, retried if that is safe, with its answer checked. */
export interface Call<Answer extends z.ZodType> {
  readonly operation: Operation;
  /** The path with its parameters filled in and escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
  /** Values in the path and the query that no message may show. Messages never show values of the body, which may be secrets. */
  readonly hidden?: readonly string[];
  /** Whether the call is idempotent. */
  readonly repeatable: boolean;
  /** Called each time before the request is sent. */
  readonly beforeSend?: () => Promise<void>;
}

export interface TransportOptions extends Caps {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Milliseconds for one operation, its retries and waits included. */
  readonly operationTimeout: number;
  readonly isTimeoutFixed: boolean;
  readonly gate: Gate;
  readonly stop: Stop;
  /** Tells the user of long waits. */
  readonly say: (line: string) => void;
  /** Tells of each request. */
  readonly trace: ((line: string) => void) | undefined;
}

export type Transport = ReturnType<typeof newTransport>;

export function newTransport(options: TransportOptions) {
  const { clock, dispatcher, gate, stop } = options;
  const tell = newWaiting(options.say, clock);
  const rateLimiter = newRateLimiter(options, clock, { stop, tell });
  const retryClock = stoppable(clock, stop);
  const tokens = tokenSource(fetchToken, clock.now);
  const time = serverTime(clock.now);
  /** What no message may show. */
  const secrets = new Set([options.clientSecret]);

  /** What the API answers to `call`. Throws an ApiError, a TransportError or an UnexpectedAnswerError. */
  async function send<Answer extends z.ZodType>(call: Call<Answer>): Promise<z.output<Answer>> {
    const { reply, effort } = await ask(call);
    const values = [call.body, ...(call.hidden ?? [])];
    return decodeAnswer(call.operation, reply, call.answer, { values, credentials: [...secrets] }, effort);
  }

  /** The reply to `call` as it is, whatever its status. Throws a TransportError if none came. */
  async function ask(call: Omit<Call<z.ZodType>, "answer">): Promise<{ reply: HttpReply; effort: Effort }> {
    const { operation } = call;
    const url = new URL(call.path, options.environmentUrl);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const values = [call.body, ...(call.hidden ?? [])];
    const sent = { operation, url, values, json: call.body && JSON.stringify(call.body), beforeSend: call.beforeSend };
    const place = rateLimiter.takePlace();
    return retried(call, async (budget, attempt) => {
      const first = await authorized({ ...sent, attempt }, place, budget);
      if (first.reply.status !== 401) return first.reply;
      // A token may be revoked early. Get a new one and try once more; the refused request did nothing.
      tokens.refuse(first.token);
      return (await authorized({ ...sent, attempt }, place, budget)).reply;
    });
  }

  async function fetchToken() {
    const operation = { what: "get an access token", method: "POST", path: "/oauth/token", harmless: true } as const;
    const { reply, effort } = await retried({ operation, repeatable: true }, async (budget, attempt) =>
      sendUnder(await rateLimiter.admit(front, budget), budget, {
        operation,
        attempt,
        values: [],
        url: new URL(operation.path, options.environmentUrl),
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        body: encodeTokenRequest(options.clientId, options.clientSecret),
      }),
    );
    const answer = decodeAnswer(operation, reply, tokenAnswer, { values: [], credentials: [...secrets] }, effort);
    return { value: answer.access_token, expiresIn: answer.expires_in };
  }

  async function authorized({ json, beforeSend, ...sent }: Sent, place: Place, budget: Budget) {
    let token = await tokens.get();
    let permit = await rateLimiter.admit(place, budget);
    if (tokens.current() === undefined) {
      // The token expired while the request waited. This returns the permit, because the new token needs one too, and no other
      // request could use it without a token.
      const renewal = tokens.get();
      rateLimiter.keepFor(renewal);
      permit.unused();
      token = await renewal;
      permit = await rateLimiter.admit(place, budget);
    }
    token = tokens.current() ?? token;
    secrets.add(token);
    const headers = { accept: "application/json", authorization: `Bearer ${token}` };
    const request =
      json === undefined
        ? { ...sent, headers }
        : { ...sent, headers: { ...headers, "content-type": "application/json" }, body: json };
    return { token, reply: await sendUnder(permit, budget, request, beforeSend) };
  }

  async function sendUnder(
    permit: Permit,
    budget: Budget,
    { attempt, values, ...request }: Omit<HttpRequest, "timeout"> & Attempted,
    beforeSend?: () => Promise<void>,
  ): Promise<HttpReply> {
    await gate.pass();
    budget.start();
    await beforeSend?.().catch((error: unknown) => {
      permit.unused();
      throw error;
    });
    const sent = clock.now();
    const traced = (end: HttpReply | string) =>
      options.trace?.(
        traceOf({
          operation: request.operation,
          attempt,
          milliseconds: clock.now() - sent,
          hidden: { values, credentials: [...secrets] },
          end,
        }),
      );
    const timeout = Math.max(1, Math.min(options.timeout, budget.total - budget.spent()));
    try {
      const reply = await gate.through(() =>
        exchange(dispatcher, { ...request, timeout, stop, mayLeave: gate.isOpen }),
      );
      time.learn(reply.headers["date"], sent);
      traced(reply);
      permit.answered(reply.status, reply.headers["retry-after"]);
      return reply;
    } catch (error) {
      traced(isTransportError(error) ? error.reason : "it failed");
      permit.failed();
      throw error;
    }
  }

  async function retried(
    { operation, repeatable }: Pick<Call<z.ZodType>, "operation" | "repeatable">,
    attempt: (budget: Budget, number: number) => Promise<HttpReply>,
  ): Promise<{ reply: HttpReply; effort: Effort }> {
    const budget = newBudget(options.operationTimeout, clock, options.isTimeoutFixed, stop);
    const { end, effort } = await withRetries((number) => attempt(budget, number), {
      clock: retryClock,
      repeatable,
      budget,
      judge: (end) => judge(operation, end),
      retrying: ({ end, attempts, began, delay }) =>
        tell({
          since: began,
          until: clock.now() + delay,
          line: () =>
            `${whyOf(operation, end)}: trying again in ${inSeconds(delay)} (attempt ${attempts + 1} of ${maxAttempts}).`,
        }),
    });
    if ("result" in end) return { reply: end.result, effort };
    throw asOwn(operation, end.error, effort, budget);
  }

  return {
    send,
    ask,
    authenticate: () => tokens.get().then(() => undefined),
    serverNow: time.now,
    /** A server's text without the credentials and tokens of this client. */
    withoutSecrets: (text: string) => withoutHidden(text, { values: [], credentials: [...secrets] }),
  };
}

function whyOf({ what }: Operation, end: End<HttpReply>): string {
  if ("result" in end) return `Scalekit answered ${end.result.status} when asked to ${what}`;
  return isTransportError(end.error) ? `Could not ${what}: ${end.error.reason}` : `Could not ${what}`;
}

interface Attempted {
  /** 1 for the first. */
  readonly attempt: number;
  /** Values that were sent, and that no line may show. */
  readonly values: readonly unknown[];
}

interface Sent extends Pick<HttpRequest, "operation" | "url">, Attempted {
  readonly json: string | undefined;
  readonly beforeSend: (() => Promise<void>) | undefined;
}

function judge(operation: Operation, end: End<HttpReply>): Outcome | undefined {
  if ("result" in end) {
    const { status, headers } = end.result;
    return status < 400 ? undefined : { status, retryAfter: headers["retry-after"] };
  }
  // A failure to get a token is final: the request for it has had its own retries.
  return isOwn(operation, end.error) && !end.error.outlook.isLasting
    ? { mayHaveArrived: end.error.mayHaveArrived }
    : undefined;
}

const isOwn = (operation: Operation, error: unknown): error is TransportError =>
  isTransportError(error) && error.operation === operation;

/** The error of `operation`, with the effort. */
function asOwn(operation: Operation, error: unknown, effort: Effort, { total, isFixed, isStopped }: Budget): unknown {
  if (error instanceof WaitTooLong && isStopped()) {
    return new TransportError(operation, "the run was stopped (Ctrl-C) before the request was sent", false);
  }
  if (error instanceof WaitTooLong) {
    const asked = error.asked === undefined ? "" : `, and Scalekit asked to wait ${Math.ceil(error.asked / 1000)} s`;
    const given = isFixed ? "are allowed here" : "one operation may take";
    const raise = isFixed ? "" : ", or raise scalekit:operationTimeout or SCALEKIT_OPERATION_TIMEOUT";
    return new TransportError(
      operation,
      `the environment's rate limit is reached${asked}, which is longer than the ${total / 1000} s that ${given}; ` +
        `run the command again later${raise}`,
      false,
    );
  }
  return isOwn(operation, error)
    ? new TransportError(operation, error.reason, error.mayHaveArrived, error.cause, effort, error.outlook)
    : error;
}
