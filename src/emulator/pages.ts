import type { Collection } from "./collection.ts";
import type { Cursor, Page } from "./cursors.ts";
import type { Asked } from "./endpoint.ts";
import type { Lister } from "./resource.ts";
import type { Message } from "./rules.ts";
import type { Semantics } from "./semantics.ts";
import { invalid, malformed } from "./status.ts";
import type { Stored } from "./stored.ts";

/** `optional` tells a zero that is given from none. */
type Limits = Semantics["pageSize"] & { readonly optional?: true };

/** How many a list shows: none asked for means as many as is usual, and so does zero in plain protobuf. */
export function pageSizeOf(text: string | undefined, limits: Limits, usual = 10): number {
  const { min, max, outside, optional } = limits;
  const asked = numberOf("page_size", text);
  const size = text === undefined || (asked === 0 && !optional) ? usual : asked;
  if (outside === "reject" && (size < min || size > max)) {
    throw invalid([
      { field: "page_size", description: `value must be between ${min} and ${max}`, constraint: "int64.range" },
    ]);
  }
  return Math.min(max, Math.max(min, size));
}

/** An opaque token for a place in the list; empty where there is nothing more. */
const tokenOf = (cursor: Cursor | undefined): string =>
  cursor === undefined ? "" : Buffer.from(JSON.stringify(cursor)).toString("base64url");

export function cursorOf(token: string | undefined, kind: Semantics["pageToken"]): Cursor | undefined {
  if (!token) return kind === "offset" ? { at: 0 } : undefined;
  const [, side, digits] =
    /^\{"(after|before|at)":(\d{1,15})\}$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (digits === undefined || (side === "at") !== (kind === "offset")) throw malformed("invalid page token");
  const place = Number(digits);
  return side === "at" ? { at: place } : side === "after" ? { after: place } : { before: place };
}

/** What an answer says of a page beside what is on it. */
export const pageFacts = ({ items, next, previous, total }: Page<unknown>, { totalSize }: Semantics) => ({
  next_page_token: tokenOf(next),
  prev_page_token: tokenOf(previous),
  ...(totalSize === "absent" ? {} : { total_size: totalSize === "page" ? items.length : total }),
});

/** A list in pages, each with a token for the next. `limits` are the list's own, where they are known. */
export const byToken = <T extends Stored>(
  limits?: Limits,
  query: Lister<T>["query"] = {},
  only: (filter: Asked["query"]) => [field: string, is: number] | undefined = () => undefined,
): Lister<T> => ({
  query,
  page({ query, semantics }, of, organization) {
    const size = pageSizeOf(query("page_size"), limits ?? semantics.pageSize);
    const page = of.page(
      organization,
      size,
      semantics.order,
      cursorOf(query("page_token"), semantics.pageToken),
      only(query),
    );
    return { items: page.items, more: pageFacts(page, semantics) };
  },
});

/** A list in numbered pages, of those that match. */
export const byNumber = <T extends Stored>(
  query: Message,
  matches: (item: T, filter: Asked["query"]) => boolean,
): Lister<T> => ({
  query,
  page(asked, of, organization) {
    const { outside } = asked.semantics.pageSize;
    const size = pageSizeOf(asked.query("page_size"), { min: 1, max: 100, outside }, 30);
    const number = numberOf("page_number", asked.query("page_number"));
    const matching = of.of(organization).filter((item) => matches(item, asked.query));
    const items = inOrder(matching, asked.semantics).slice(number * size, (number + 1) * size);
    return { items, more: { page_size: items.length, page_number: number } };
  },
});

/** A list that shows everything at once. */
export const atOnce = <T extends Stored>(
  items: (of: Collection<T>, organization: string | null, semantics: Semantics) => T[],
): Lister<T> => ({
  page({ semantics }, of, organization) {
    return { items: inOrder(items(of, organization, semantics), semantics), more: {} };
  },
});

const inOrder = <T>(oldestFirst: T[], { order }: Semantics): T[] =>
  order === "newest" ? oldestFirst.toReversed() : oldestFirst;

function numberOf(name: string, text: string | undefined): number {
  if (text !== undefined && !/^\d{1,10}$/.test(text)) throw malformed(`type mismatch, parameter: ${name}`);
  return Number(text ?? 0);
}
