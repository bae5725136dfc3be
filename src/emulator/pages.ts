import type { Semantics } from "./semantics.ts";
import { invalid, malformed } from "./status.ts";
import type { Cursor } from "./store.ts";

/** How many organizations a list shows: none asked for, and zero in protobuf, mean 10. */
export function pageSizeOf(text: string | undefined, { min, max, outside }: Semantics["pageSize"]): number {
  if (text !== undefined && !/^\d{1,10}$/.test(text)) throw malformed("type mismatch, parameter: page_size");
  const size = Number(text ?? 0) || 10;
  if (outside === "reject" && (size < min || size > max)) {
    throw invalid([
      { field: "page_size", description: `value must be between ${min} and ${max}`, constraint: "int64.range" },
    ]);
  }
  return Math.min(max, Math.max(min, size));
}

/** An opaque token for a place in the list; empty where there is nothing more. */
export const tokenOf = (cursor: Cursor | undefined): string =>
  cursor === undefined ? "" : Buffer.from(JSON.stringify(cursor)).toString("base64url");

export function cursorOf(token: string | undefined, kind: Semantics["pageToken"]): Cursor | undefined {
  if (!token) return kind === "offset" ? { at: 0 } : undefined;
  const [, side, digits] =
    /^\{"(after|before|at)":(\d{1,15})\}$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (digits === undefined || (side === "at") !== (kind === "offset")) throw malformed("invalid page token");
  const place = Number(digits);
  return side === "at" ? { at: place } : side === "after" ? { after: place } : { before: place };
}
