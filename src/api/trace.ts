import type { Operation } from "../errors.ts";
import { visible } from "../text/visible.ts";
import { type Hidden, withoutHidden } from "./hidden.ts";
import type { HttpReply } from "./http.ts";

/** A request that has ended. */
export interface Traced {
  readonly operation: Operation;
  readonly attempt: number;
  readonly milliseconds: number;
  readonly hidden: Hidden;
  /** Why it was not answered, if it was not. */
  readonly end: HttpReply | string;
}

/** A line about one request: no query, no body, no header but the request's id, and of the path only what is documented, with ids. */
export function traceOf({ operation: { method, path, what }, attempt, milliseconds, hidden, end }: Traced): string {
  const id = typeof end === "string" ? undefined : end.headers["x-request-id"];
  const outcome = typeof end === "string" ? `no answer: ${end},` : `answered ${end.status}`;
  const request = id === undefined ? "" : `, request ${visible(withoutHidden(id.slice(0, 100), hidden))}`;
  return `${method} ${path}, to ${what}: ${outcome} after ${Math.round(milliseconds)} ms, attempt ${attempt}${request}`;
}
