import { constants } from "node:http2";
import { checkUrl, type Operation, TransportError } from "../errors.ts";

/** The progress of a request. */
export interface Progress {
  /** A connection is open, and the first byte is about to be written. */
  hasLeft: boolean;
  isAnswered: boolean;
}

interface Failure {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly http2ErrorCode?: number;
}

/** Why a request has no answer, for a person, and whether another attempt may have one. */
export function asTransportError(
  operation: Operation,
  { host }: URL,
  timeout: number,
  { hasLeft, isAnswered }: Progress,
  error: unknown,
): TransportError {
  const failure = error as Failure;
  const code = typeof failure.code === "string" ? failure.code : "";
  const refused = hasLeft && !isAnswered && isRefused(failure);
  const detail = [code, failure.message].filter(Boolean).join(": ").replaceAll(/\s+/g, " ").trim();
  const isUnsendable = code === "UND_ERR_INVALID_ARG";
  const isStopped = failure.name === "StoppedError";
  const what = code || failure.name || "";
  const stranger = strangers.find(({ codes, isAfter }) => codes.test(what) && (isAfter || !hasLeft) && !isAnswered);
  const isUnreached = !hasLeft && !isUnsendable && !isStopped;
  return new TransportError(operation, reason(), hasLeft && !refused, error, undefined, {
    isLasting: stranger !== undefined || isStopped,
    advice: isUnreached || stranger ? `${stranger?.advice ?? ""}${checkUrl}` : undefined,
  });

  function reason(): string {
    if (isStopped) return `the run was stopped (Ctrl-C) before ${host} ${hasLeft ? "answered" : "was reached"}`;
    if (failure.name === "TimeoutError") {
      return hasLeft
        ? `${host} did not answer within ${timeout / 1000} s`
        : `${host} could not be reached within ${timeout / 1000} s`;
    }
    if (refused) return `${host} refused the request before processing it (${detail})`;
    if (hasLeft) return `the connection to ${host} failed (${detail})`;
    return isUnsendable
      ? `the request to ${host} cannot be sent over HTTP (${detail})`
      : `${host} could not be reached (${detail})`;
  }
}

/** Whether HTTP/2 says that the server did not process the request: it refused the stream, or closed the connection before it. */
const isRefused = ({ http2ErrorCode, message }: Failure): boolean =>
  http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM || /"GOAWAY" frame received/.test(message ?? "");

/** Failures that the next attempt would have too: this client cannot talk to whatever answers. */
const strangers: readonly { readonly codes: RegExp; readonly advice: string; readonly isAfter?: true }[] = [
  { codes: /^ENOTFOUND$/, advice: "There is no host of that name. " },
  {
    codes: /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA)/,
    advice:
      "Nobody whom this machine trusts has signed the certificate: if your network has an authority of its own, let " +
      "NODE_EXTRA_CA_CERTS name the file with its certificate. ",
  },
  {
    codes: /^(?:CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/,
    advice: "The server's certificate is not valid for this name and time. ",
  },
  { codes: /^(?:EPROTO|ERR_SSL_(?!.*INTERNAL_ERROR))/, advice: "The server there does not speak https. " },
  { codes: /^(?:HPE_|HTTPParserError$)/, advice: "The server there does not speak HTTP. ", isAfter: true },
];
