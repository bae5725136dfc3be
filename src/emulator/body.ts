import type { Context } from "hono";
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

class Unstorable extends Error {}

function storable(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text !== "string") continue;
    if (!text.isWellFormed()) throw new Unstorable("invalid escape code in string");
    if (text.includes("\0")) throw new Unstorable("invalid byte sequence: 0x00");
  }
  return value;
}
