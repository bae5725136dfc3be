import type { Context, MiddlewareHandler } from "hono";
import { malformed } from "./status.ts";

/**
 * A request's body as protojson reads it, whatever its content type says; an empty one is an empty message. Text that a
 * server in Go and PostgreSQL cannot hold (halves of surrogate pairs, NUL, bytes that are no UTF-8) is refused.
 */
export async function bodyOf(c: Context): Promise<unknown> {
  const bytes = await c.req.arrayBuffer();
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), storable);
  } catch (error) {
    throw malformed(`syntax error: ${error instanceof Unstorable ? error.message : "the body is not JSON"}`);
  }
}

/** No organization needs more than a mebibyte. */
const maxBytes = 1024 * 1024;

/**
 * Refuses bodies that are too large, as a proxy would. Hono's own middleware for it asks for every body as a stream,
 * which doubled the time of a request.
 */
export const limitedBody: MiddlewareHandler = async (c, next) => {
  const length = c.req.header("content-length");
  const bytes = length === undefined && c.req.header("transfer-encoding") ? await c.req.arrayBuffer() : undefined;
  if (Number(length ?? bytes?.byteLength ?? 0) <= maxBytes) return next();
  return c.html("<html><body><h1>413 Request Entity Too Large</h1></body></html>", 413);
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
