import { type Effort, inWords } from "./text/effort.ts";
import { visibleLines } from "./text/visible.ts";

export type { Effort } from "./text/effort.ts";

/**
 * The errors of this package. Each message says what was tried, what came back and what to do next, and never holds
 * the value of an argument or a credential: an argument may be a Pulumi secret, and the engine prints messages as they are.
 */

const brand = Symbol.for("pulumi-scalekit.error");

/** The base of every error thrown on purpose. */
export class ScalekitError extends Error {
  /** Branded, because a program and the provider's process may hold two copies of one class. */
  readonly [brand] = true;

  constructor(message: string, options?: { cause?: unknown }) {
    const cause = isScalekitError(options?.cause) ? options.cause : bare(options?.cause);
    // It may hold names and ids that somebody else has chosen.
    super(visibleLines(message), cause && { cause });
    this.name = new.target.name;
  }
}

/** Settings are missing or cannot be right. Nothing was sent. */
export class ConfigurationError extends ScalekitError {}

/** The user stopped the run, and the next step would have taken too long. Nothing was sent. */
export class StoppedError extends ScalekitError {
  constructor() {
    super("The run was stopped (Ctrl-C) while it waited.");
  }
}

/** Where a request went, in words for a person and in terms of the API; never with an external ID in it. */
export interface Operation {
  /** As it follows "could not": "create the organization". */
  readonly what: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The documented path, its parameters still in braces unless they are Scalekit's own ids. */
  readonly path: string;
  /** Set where a request changes nothing although it is no GET: asking for a token. */
  readonly harmless?: true;
  /** The permissions of an API client that it and its like take. */
  readonly needs?: readonly string[];
}

/** One rule of the API that a request broke. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** The API answered, and the answer was no. */
export class ApiError extends ScalekitError {
  readonly operation: Operation;
  readonly status: number;
  /** Scalekit's own code, such as `RATE_LIMITED`. */
  readonly code: string | undefined;
  /** The gRPC code, which stands in every error of the API and in none of a proxy's. */
  readonly grpcCode: number | undefined;
  readonly requestId: string | undefined;
  readonly violations: readonly FieldViolation[];
  /** What the server said, without this package's words around it. */
  readonly reason: string;
  readonly mayHaveActed: boolean;

  constructor(operation: Operation, answer: ApiAnswer, effort?: Effort) {
    const inDoubt = acts(operation) && (isDoubtful(answer) || effort?.unsure === true);
    super(
      sentences(
        `Could not ${operation.what}: ${words(answer)} ${trace(operation, answer.requestId)}.`,
        inWords(effort),
        inDoubt ? doubt : undefined,
        adviceFor(answer, operation),
      ),
    );
    this.operation = operation;
    this.status = answer.status;
    this.code = answer.code;
    this.grpcCode = answer.grpcCode;
    this.requestId = answer.requestId;
    this.violations = answer.violations;
    this.reason = answer.reason;
    this.mayHaveActed = inDoubt;
  }
}

export interface ApiAnswer {
  readonly status: number;
  /** The host, if it answered with a web page. Scalekit's own servers never do that by intent. */
  readonly webHost?: string | undefined;
  readonly code: string | undefined;
  readonly grpcCode: number | undefined;
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly violations: readonly FieldViolation[];
}

/** No usable answer came: the network failed, time ran out, or the connection ended early. */
export class TransportError extends ScalekitError {
  readonly operation: Operation;
  /** Whether the server may have received the request, and so may have acted on it. */
  readonly mayHaveArrived: boolean;
  readonly reason: string;
  readonly mayHaveActed: boolean;
  readonly outlook: Outlook;

  constructor(
    operation: Operation,
    reason: string,
    mayHaveArrived: boolean,
    cause?: unknown,
    effort?: Effort,
    outlook: Outlook = {},
  ) {
    const arrived = mayHaveArrived || effort?.unsure === true;
    super(
      sentences(
        `Could not ${operation.what}: ${reason} ${trace(operation)}.`,
        inWords(effort),
        acts(operation) ? (arrived ? doubt : "Scalekit did not act on the request.") : undefined,
        outlook.advice,
      ),
      { cause },
    );
    this.operation = operation;
    this.mayHaveArrived = arrived;
    this.reason = reason;
    this.mayHaveActed = arrived && acts(operation);
    this.outlook = outlook;
  }
}

/** What comes of a request that failed on its way. */
export interface Outlook {
  readonly advice?: string | undefined;
  /** Whether another attempt would end the same. */
  readonly isLasting?: boolean;
}

/** The API answered with success, and with something that is not what it documents. */
export class UnexpectedAnswerError extends ScalekitError {
  readonly operation: Operation;
  readonly requestId: string | undefined;
  readonly mayHaveActed: boolean;

  constructor(operation: Operation, problem: string, requestId?: string) {
    super(
      sentences(
        `Could not ${operation.what}: Scalekit's answer is not what its API documents: ${problem} ${trace(operation, requestId)}.`,
        acts(operation) ? doubt : undefined,
        checkUrl,
      ),
    );
    this.operation = operation;
    this.requestId = requestId;
    this.mayHaveActed = acts(operation);
  }
}

export const isScalekitError = (error: unknown): error is ScalekitError =>
  typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;

export const isApiError = (error: unknown): error is ApiError => isScalekitError(error) && error.name === ApiError.name;

export const isTransportError = (error: unknown): error is TransportError =>
  isScalekitError(error) && error.name === TransportError.name;

export const isUnexpectedAnswerError = (error: unknown): error is UnexpectedAnswerError =>
  isScalekitError(error) && error.name === UnexpectedAnswerError.name;

/** Whether the server may have done what a failed request asked for. A GET asks for no change. */
export const mayHaveActed = (error: unknown): boolean =>
  (isApiError(error) || isTransportError(error) || isUnexpectedAnswerError(error)) && error.mayHaveActed;

/** A failure on the way or inside the server leaves the outcome open. So does a refusal that is not the API's own. */
const isDoubtful = ({ status, grpcCode }: ApiAnswer): boolean =>
  status === 408 || status >= 500 || (grpcCode === undefined && status >= 400 && status !== 401 && status !== 429);

/** Who asks the doctor leaves it out. */
export const askDoctor = ": run `npx pulumi-scalekit doctor`";

export const checkUrl =
  "Check that the environment URL (scalekit:environmentUrl, SCALEKIT_ENVIRONMENT_URL) is that of a Scalekit " +
  `environment${askDoctor}.`;

const acts = (operation: Operation): boolean => operation.method !== "GET" && !operation.harmless;

const doubt = "Scalekit may have acted on the request anyway.";

const sentences = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(" ");

const words = ({ status, code, reason, violations, webHost }: ApiAnswer): string =>
  webHost === undefined
    ? `Scalekit answered ${status}${code ? ` ${code}` : ""}: ${reason}${broken(violations)}`
    : `${webHost} answered ${status} with HTML: is this a Scalekit environment, or a proxy on the way?`;

const trace = (operation: Operation, requestId?: string): string =>
  `(${operation.method} ${operation.path}${requestId ? `, request ${requestId}` : ""})`;

const broken = (violations: readonly FieldViolation[]): string =>
  violations.length === 0 ? "" : ` [${violations.map((v) => `${v.field}: ${v.description}`).join("; ")}]`;

function adviceFor({ status, code, webHost }: ApiAnswer, { needs }: Operation): string | undefined {
  if (webHost !== undefined) return checkUrl;
  switch (status) {
    case 404:
      return code === undefined
        ? "The answer is not from the API itself: check the environment URL (scalekit:environmentUrl, SCALEKIT_ENVIRONMENT_URL), and any proxy on the way."
        : undefined;
    case 401:
      return "Check scalekit:clientId and scalekit:clientSecret, or SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET.";
    case 403:
      return needs === undefined
        ? "Check what the API client is permitted to do."
        : `Check that the API client has the ${needs.slice(0, -1).join(", ")} and ${needs.at(-1)} permissions.`;
    case 429:
      return "The environment's rate limit is reached: run the command again in a minute, or lower scalekit:maxRequestsPerMinute.";
    default:
      if (status < 400) return checkUrl;
      return status >= 500
        ? "Run the command again; if it keeps failing, ask Scalekit with the request id."
        : undefined;
  }
}

/**
 * An error from below with its words and without its belongings: HTTP libraries hang requests, headers, certificates
 * and bytes of answers on theirs, and whoever logs an error logs its causes too.
 */
function bare(error: unknown, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  const cause = bare(error.cause, depth + 1);
  const copy = new Error(error.message, cause && { cause });
  copy.name = error.name;
  if (error.stack !== undefined) copy.stack = error.stack;
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? Object.assign(copy, { code }) : copy;
}
