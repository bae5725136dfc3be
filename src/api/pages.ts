import { type Operation, UnexpectedAnswerError } from "../errors.ts";
import type { Organization } from "../schema.ts";

export interface Page {
  readonly organizations: readonly Organization[];
  /** What to ask for the next page with; nothing on the last one. */
  readonly next: string | undefined;
}

/** A page can bring nothing new where organizations are made during the list and push known ones onto it. */
const mostBarrenPages = 10;
/** Ten thousand pages of a hundred are a million organizations. */
const mostPages = 10_000;

/** Every organization of a list, once, in the API's order. A list that has no end is an error, not a loop. */
export async function* everyPage(
  operation: Operation,
  fetchPage: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<Organization> {
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let barren = 0;
  for (let token: string | undefined; ; ) {
    const page = await fetchPage(token);
    const known = seen.size;
    for (const organization of page.organizations) {
      if (seen.has(organization.id)) continue;
      seen.add(organization.id);
      yield organization;
    }
    if (page.next === undefined) return;
    token = page.next;
    barren = seen.size === known ? barren + 1 : 0;
    if (tokens.has(token)) throw endless("a page token came twice");
    if (barren >= mostBarrenPages) throw endless(`${barren} pages in a row brought no organization that was new`);
    tokens.add(token);
    if (tokens.size >= mostPages) throw endless(`there were ${mostPages} pages`);
  }

  function endless(what: string) {
    return new UnexpectedAnswerError(operation, `${what}, so the list has no end`);
  }
}
