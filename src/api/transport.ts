import type { Dispatcher } from "undici";
import { z } from "zod";
import { ApiError, isTransportError, type Operation, UnexpectedAnswerError } from "../errors.ts";
import { tokenSource } from "./auth.ts";
import { exchange, type HttpReply } from "./http.ts";
import { type Clock, type Outcome, withRetries } from "./retry.ts";
import { encodeTokenRequest, errorAnswer, tokenAnswer } from "./wire.ts";

/** A call of the API, authenticated, retried where that is safe, and its answer checked. */
export interface Call<Answer extends z.ZodType> {
  readonly operation: Operation;
  /** The path with its parameters filled in and escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly answer: Answer;
  /** Whether doing the call twice comes to the same as doing it once. */
  readonly repeatable: boolean;
  /** Run each time before the request leaves. */
  readonly beforeSend?: () => Promise<void>;
}

export interface TransportOptions {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Milliseconds for one answer. */
  readonly timeout: number;
  /** Milliseconds for one operation, its retries and waits included. */
  readonly budget: number;
}

export type Transport = ReturnType<typeof newTransport>;

export function newTransport(options: TransportOptions) {
  const { clock, dispatcher } = options;
  const tokens = tokenSource(fetchToken, clock.now);

  /** What the API answers to `call`. Throws an ApiError, a TransportError or an UnexpectedAnswerError. */
  async function send<Answer extends z.ZodType>(call: Call<Answer>): Promise<z.output<Answer>> {
    const url = new URL(call.path, options.environmentUrl);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const reply = await retried(call, async (timeout) => {
      const first = await attempt(await tokens.get());
      if (first.reply.status !== 401) return first.reply;
      // A token can end before its time: one new one, and one more try. Nothing was done under the old one.
      tokens.refuse(first.token);
      return (await attempt(await tokens.get())).reply;

      async function attempt(token: string) {
        const headers = { accept: "application/json", authorization: `Bearer ${token}` };
        const request = { operation: call.operation, url, timeout };
        await call.beforeSend?.();
        const reply = await exchange(
          dispatcher,
          call.body === undefined
            ? { ...request, headers }
            : {
                ...request,
                headers: { ...headers, "content-type": "application/json" },
                body: JSON.stringify(call.body),
              },
        );
        return { reply, token };
      }
    });
    return decode(
      call.operation,
      reply,
      call.answer,
      stringsIn([call.body, call.query, decodeURIComponent(call.path.split("/").at(-1) ?? "")]),
    );
  }

  async function fetchToken() {
    const operation = { what: "get an access token", method: "POST", path: "/oauth/token" } as const;
    const reply = await retried({ operation, repeatable: true }, (timeout) =>
      exchange(dispatcher, {
        operation,
        url: new URL(operation.path, options.environmentUrl),
        headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
        body: encodeTokenRequest(options.clientId, options.clientSecret),
        timeout,
      }),
    );
    const answer = decode(operation, reply, tokenAnswer, [options.clientSecret]);
    return { value: answer.access_token, expiresIn: answer.expires_in };
  }

  const retried = (
    { operation, repeatable }: Pick<Call<z.ZodType>, "operation" | "repeatable">,
    attempt: (timeout: number) => Promise<HttpReply>,
  ) =>
    withRetries((budget) => attempt(Math.max(1, Math.min(options.timeout, budget))), {
      clock,
      repeatable,
      budget: options.budget,
      judge: (ended) => judge(operation, ended),
    });

  return { send, authenticate: () => tokens.get().then(() => undefined) };
}

function judge(operation: Operation, ended: { result: HttpReply } | { error: unknown }): Outcome | undefined {
  if ("result" in ended) {
    const { status, headers } = ended.result;
    return status < 400 ? undefined : { status, retryAfter: headers["retry-after"] };
  }
  // A token that could not be had is an end: asking for it has had its own retries.
  const { error } = ended;
  return isTransportError(error) && error.operation === operation
    ? { mayHaveArrived: error.mayHaveArrived }
    : undefined;
}

function decode<Answer extends z.ZodType>(
  operation: Operation,
  reply: HttpReply,
  answer: Answer,
  hidden: readonly string[],
): z.output<Answer> {
  const json = parseJson(reply.body);
  const headerId = reply.headers["x-request-id"];
  if (reply.status >= 300) throw asApiError(operation, reply.status, json, headerId, hidden);
  const parsed = answer.safeParse(json);
  if (!parsed.success) {
    const problem = json === undefined ? "it is not JSON" : z.prettifyError(parsed.error).replaceAll(/\s+/g, " ");
    throw new UnexpectedAnswerError(operation, problem, headerId);
  }
  return parsed.data;
}

function asApiError(
  operation: Operation,
  status: number,
  json: unknown,
  headerId: string | undefined,
  hidden: readonly string[],
): ApiError {
  const { data } = errorAnswer.safeParse(json);
  const detail = data?.details?.find((one) => one.error_code !== undefined) ?? data?.details?.[0];
  const violations = data?.details?.flatMap((one) => one.validation_error_info?.field_violations ?? []) ?? [];
  const reason = data?.message ?? data?.error_description ?? data?.error;
  return new ApiError(operation, {
    status,
    code: detail?.error_code ?? (data?.message === undefined ? undefined : data.error),
    grpcCode: data?.code,
    reason: withoutValues(reason ?? (status < 400 ? "a redirect, which is not followed" : "no reason given"), hidden),
    requestId: detail?.request_info?.request_id ?? headerId,
    violations: violations.map(({ field, description }) => ({
      field,
      description: withoutValues(description, hidden),
    })),
  });
}

/** A server may quote what it was sent, and what it was sent may be a secret of the user's. */
function withoutValues(text: string, hidden: readonly string[]): string {
  return hidden.reduce((shown, value) => shown.replaceAll(value, "[hidden]"), text);
}

/** Every string value of a request long enough to be told from an ordinary word, the longest first. */
function stringsIn(value: unknown): string[] {
  const found = typeof value === "string" ? [value] : Object.values(value ?? {}).flatMap(stringsIn);
  return found.filter((one) => one.length >= 5).sort((a, b) => b.length - a.length);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
