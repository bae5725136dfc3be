/** An error of the API, thrown by a route: google.rpc.Status over HTTP, with Scalekit's own detail. */
export class StatusError extends Error {
  readonly status: number;
  /** Scalekit's own code, which the gateway in front of it does not know. */
  readonly errorCode: string | undefined;
  readonly violations: readonly Violation[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    errorCode: string | undefined,
    message: string,
    more: { violations?: readonly Violation[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.violations = more.violations ?? [];
    this.headers = more.headers ?? {};
  }
}

export interface Violation {
  readonly field: string;
  readonly description: string;
  readonly constraint: string;
}

export const notFound = (noun: string): StatusError => new StatusError(404, "NOT_FOUND", `${noun} not found`);

/** What a request asks for and the current state forbids. */
export const refused = (message: string): StatusError => new StatusError(400, "INVALID_ARGUMENT", message);

/** What does not parse is refused before any rule is looked at. */
export const malformed = (message: string): StatusError => new StatusError(400, "INVALID_ARGUMENT", message);

export const invalid = (violations: readonly Violation[]): StatusError =>
  new StatusError(400, "INVALID_ARGUMENT", "Validation error", { violations });

/** The wire form of an error. */
export function formatStatus(error: StatusError, requestId: string) {
  return {
    code: grpcCodes[error.status] ?? 2,
    message: error.message,
    details: error.errorCode === undefined ? [] : [detail(error, requestId)],
  };
}

const detail = ({ errorCode, violations }: StatusError, requestId: string) => ({
  "@type": "type.googleapis.com/scalekit.v1.errdetails.ErrorInfo",
  error_code: errorCode,
  request_info: { request_id: requestId },
  ...(violations.length > 0 ? { validation_error_info: { field_violations: violations } } : {}),
});

/** google.rpc.Code by HTTP status, as grpc-gateway maps them. */
const grpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  429: 8,
  500: 13,
  501: 12,
  503: 14,
  504: 4,
};
