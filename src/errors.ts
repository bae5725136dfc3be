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
    super(message, options);
    this.name = new.target.name;
  }
}

/** Settings are missing or cannot be right. Nothing was sent. */
export class ConfigurationError extends ScalekitError {}

/** Where a request went, in words for a person and in terms of the API; never with an external ID in it. */
export interface Operation {
  /** As it follows "could not": "create the organization". */
  readonly what: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** The documented path, its parameters still in braces unless they are Scalekit's own ids. */
  readonly path: string;
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

  constructor(operation: Operation, answer: ApiAnswer) {
    const advice = adviceFor(answer.status);
    super(
      `Could not ${operation.what}: Scalekit answered ${answer.status}${answer.code ? ` ${answer.code}` : ""}: ` +
        `${answer.reason}${broken(answer.violations)} ${trace(operation, answer.requestId)}.${advice ? ` ${advice}` : ""}`,
    );
    this.operation = operation;
    this.status = answer.status;
    this.code = answer.code;
    this.grpcCode = answer.grpcCode;
    this.requestId = answer.requestId;
    this.violations = answer.violations;
    this.reason = answer.reason;
  }
}

export interface ApiAnswer {
  readonly status: number;
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

  constructor(operation: Operation, reason: string, mayHaveArrived: boolean, cause?: unknown) {
    super(
      `Could not ${operation.what}: ${reason} ${trace(operation)}.` +
        (mayHaveArrived && operation.method !== "GET"
          ? " Scalekit may have acted on the request all the same."
          : " Scalekit did not act on the request."),
      { cause },
    );
    this.operation = operation;
    this.mayHaveArrived = mayHaveArrived;
    this.reason = reason;
  }
}

/** The API answered with success, and with something that is not what it documents. */
export class UnexpectedAnswerError extends ScalekitError {
  constructor(operation: Operation, problem: string, requestId?: string) {
    super(
      `Could not ${operation.what}: Scalekit's answer is not what its API documents: ${problem} ${trace(operation, requestId)}. ` +
        "Check that the environment URL is that of a Scalekit environment.",
    );
  }
}

/** Whether the server may have done what was asked for, although no success came back. */
export const mayHaveActed = (error: unknown): boolean =>
  isApiError(error)
    ? error.operation.method !== "GET" && (error.status >= 500 || error.status === 408 || error.grpcCode === undefined)
    : isTransportError(error)
      ? error.operation.method !== "GET" && error.mayHaveArrived
      : error instanceof UnexpectedAnswerError;

export const isScalekitError = (error: unknown): error is ScalekitError =>
  typeof error === "object" && error !== null && (error as { [brand]?: unknown })[brand] === true;

export const isApiError = (error: unknown): error is ApiError => isScalekitError(error) && error.name === ApiError.name;

export const isTransportError = (error: unknown): error is TransportError =>
  isScalekitError(error) && error.name === TransportError.name;

const trace = (operation: Operation, requestId?: string): string =>
  `(${operation.method} ${operation.path}${requestId ? `, request ${requestId}` : ""})`;

const broken = (violations: readonly FieldViolation[]): string =>
  violations.length === 0 ? "" : ` [${violations.map((v) => `${v.field}: ${v.description}`).join("; ")}]`;

function adviceFor(status: number): string | undefined {
  switch (status) {
    case 401:
      return "Check scalekit:clientId and scalekit:clientSecret, or SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET.";
    case 403:
      return "Give the API client the organizations:read, organizations:write and organizations:delete permissions.";
    case 429:
      return "The environment's rate limit is reached: run the command again in a minute, or with a lower --parallel.";
    default:
      return status >= 500
        ? "Run the command again; if it keeps failing, ask Scalekit with the request id."
        : undefined;
  }
}
