import { type Operation, UnexpectedAnswerError } from "../errors.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask for the next page with; nothing on the last one. */
  readonly next: string | undefined;
  /** How many items the whole list has, if the API says so. */
  readonly total?: number | undefined;
}

/** The most that the API gives in one page. */
export const pageSize = 100;

/** A page may bring nothing new if objects are created during the list and push known ones onto it. */
const maxPagesWithNothingNew = 10;
/** Ten thousand pages of a hundred are a million items. */
const maxPages = 10_000;

/** Every item of a list once, in the API's order. A list without an end is an error. */
export async function* everyPage<Item extends { readonly id: string }>(
  operation: Operation,
  fetchPage: (token: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let withNothingNew = 0;
  for (let token: string | undefined; ; ) {
    const page = await fetchPage(token);
    const known = seen.size;
    for (const item of page.items) {
      if (seen.has(item.id)) continue;
      seen.add(item.id);
      yield item;
    }
    if (page.next === undefined) return;
    token = page.next;
    withNothingNew = seen.size === known ? withNothingNew + 1 : 0;
    if (tokens.has(token)) throw endless("a page token came twice");
    if (withNothingNew >= maxPagesWithNothingNew) throw endless(`${withNothingNew} pages in a row brought nothing new`);
    tokens.add(token);
    if (tokens.size >= maxPages) throw endless(`there were ${maxPages} pages`);
  }

  function endless(what: string) {
    return new UnexpectedAnswerError(operation, `${what}, so the list has no end`);
  }
}
