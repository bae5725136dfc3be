import { z } from "zod";
import { ApiError, type Effort, type Operation, UnexpectedAnswerError } from "../errors.ts";
import { visible } from "../text/visible.ts";
import { errorAnswer } from "./answers.ts";
import { type Hidden, withoutHidden } from "./hidden.ts";
import type { HttpReply } from "./http.ts";

/** Decodes `reply` by the API's schema. Throws an ApiError for a refusal, an UnexpectedAnswerError for anything undocumented. */
export function decodeAnswer<Answer extends z.ZodType>(
  operation: Operation,
  reply: HttpReply,
  answer: Answer,
  hidden: Hidden,
  effort: Effort,
): z.output<Answer> {
  const shown = showing(hidden);
  const json = reply.body === "" ? {} : parseJson(reply.body);
  if (reply.status >= 300) throw apiError(operation, reply, json, shown, effort);
  const parsed = answer.safeParse(json);
  if (parsed.success) return parsed.data;
  const problem =
    json === undefined || reply.body === "" ? whyNotJson(reply) : z.prettifyError(parsed.error).replaceAll(/\s+/g, " ");
  throw new UnexpectedAnswerError(operation, shown(problem), requestIdOf(reply, shown));
}

function apiError(operation: Operation, reply: HttpReply, json: unknown, shown: Shown, effort: Effort): ApiError {
  const { data } = errorAnswer.safeParse(json);
  const detail = data?.details?.find((one) => one.error_code !== undefined) ?? data?.details?.[0];
  const violations = data?.details?.flatMap((one) => one.validation_error_info?.field_violations ?? []) ?? [];
  const reason = data?.message ?? data?.error_description ?? data?.error;
  const code = detail?.error_code ?? (data?.message === undefined ? undefined : data.error);
  const requestId = detail?.request_info?.request_id;
  return new ApiError(
    operation,
    {
      status: reply.status,
      webHost: data === undefined && isWebPage(reply) ? reply.host : undefined,
      code: code && shown(code),
      grpcCode: data?.code,
      reason: shown(reason ?? (reply.status < 400 ? redirect(reply) : "no reason given")),
      requestId: requestId === undefined ? requestIdOf(reply, shown) : shown(requestId),
      violations: violations.map(({ field, description }) => ({
        field: shown(field),
        description: shown(description),
      })),
    },
    effort,
  );
}

/** Shows only the host, because the rest of a location may contain what was sent. */
function redirect({ headers }: HttpReply): string {
  const host = URL.parse(headers["location"] ?? "")?.host;
  return `a redirect${host ? ` to ${host}` : ""}, which is not followed`;
}

function whyNotJson({ body, headers }: HttpReply): string {
  if (body === undefined) return "it is too large";
  const word = (value: string | undefined) => /^[\w.+/-]{1,60}/.exec(value ?? "")?.[0];
  const encoding = word(headers["content-encoding"]);
  if (encoding !== undefined && encoding !== "identity") return `it is compressed (${encoding}) without being asked to`;
  const type = word(headers["content-type"]);
  return type === undefined || type === "application/json" ? "it is not JSON" : `it is ${type}, not JSON`;
}

/** Whether a web server answers for itself. One that is only busy may well be Scalekit's. */
const isWebPage = ({ status, headers, body = "" }: HttpReply): boolean =>
  status >= 400 &&
  status < 500 &&
  ![408, 429].includes(status) &&
  (/^text\/html/i.test(headers["content-type"] ?? "") || /^\s*<(?:!doctype|html)/i.test(body));

const requestIdOf = ({ headers }: HttpReply, shown: Shown): string | undefined =>
  headers["x-request-id"] && shown(headers["x-request-id"]);

type Shown = (text: string) => string;

/** A server's text as messages may show it: without hidden values, on one line, and not too long. */
const showing =
  (hidden: Hidden): Shown =>
  (text) =>
    visible(withoutHidden(text.length > longest ? `${text.slice(0, longest)}…` : text, hidden));

const longest = 2000;

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
