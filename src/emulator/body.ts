import type { IncomingMessage } from "node:http";
import type { Context, MiddlewareHandler } from "hono";
import { malformed } from "./status.ts";

/**
 * A request's body as protojson reads it, whatever its content type says; an empty one is an empty message. Text that a
 * server in Go and PostgreSQL cannot hold (halves of surrogate pairs, NUL, bytes that are no UTF-8) is refused.
 */
export async function bodyOf(c: Context): Promise<unknown> {
  const bytes = await bytesOf(c);
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), storable);
  } catch (error) {
    throw malformed(`syntax error: ${error instanceof Unstorable ? error.message : "the body is not JSON"}`);
  }
}

/** No organization needs more than a mebibyte. */
const maxBytes = 1024 * 1024;

/** Thrown where a body is longer than that. */
export class TooLarge extends Error {}

/**
 * The bytes of a body. A body in chunks does not announce its length, so the bytes are counted as they come, and what is
 * beyond the limit is not kept.
 */
export async function bytesOf(c: Context): Promise<Uint8Array | ArrayBuffer> {
  if (c.req.header("transfer-encoding") === undefined) return c.req.arrayBuffer();
  const incoming: IncomingMessage = c.env.incoming;
  const parts: Buffer[] = [];
  let length = 0;
  // Destroyed, it would take the connection along, and with it the answer.
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += part.byteLength;
    if (length > maxBytes) throw new TooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/**
 * Refuses bodies whose announced length is too large, as a proxy would. Hono's own middleware reads every body as a stream, which
 * doubled the time of a request.
 */
export const limitedBody: MiddlewareHandler = async (c, next) => {
  if (Number(c.req.header("content-length") ?? 0) > maxBytes) throw new TooLarge();
  await next();
};

class Unstorable extends Error {}

function storable(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text !== "string") continue;
    if (!text.isWellFormed()) throw new Unstorable("invalid escape code in string");
    if (text.includes("\0")) throw new Unstorable("invalid byte sequence: 0x00");
  }
  return value;
}
