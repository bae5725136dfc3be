/**
 * Whether to read the list or the objects in it: what a page costs, against what it may save.
 *
 * Nobody says beforehand how many objects will be read: the engine has as many reads waiting as its parallelism
 * lets it, and sends the next as those are answered. n reads of an environment whose list has P pages take min(n, P)
 * requests at best, by GETs alone or by the whole list. Not knowing costs
 * pages that are read for nothing, and GETs of objects that a page shows later. This never takes more than twice the best:
 *
 *     requests <= 2 * min(n, P)        (the token aside, and a GET for each that is gone or that the list does not show whole)
 *
 * Proof. Let r be the reads so far, g the GETs among them, p the pages. A lone read is a GET, which is the best there is.
 * From the second on the first page is read, which says P.
 * 1. The list is read to its end once g + P <= 2 * min(r, P). No GET follows, and r <= n, so the bound holds.
 * 2. Until then, GETs are sent only while r < P: g stays below P by that (or is the 1 of the lone read), so with r >= P
 *    the condition of 1 is met. So if it is never met, n < P, and 1 + g <= 1 + n <= 2n requests were sent for n >= 2.
 * If P is unknown, as many pages are read as there are reads, and only then GETs: p <= min(n, P), and g <= r <= p
 * whenever a GET is sent, so again g + p <= 2 * min(n, P).
 *
 * Whatever a list says and does, it comes to 3n at most: g <= n, and pages are read as long as p < 2r.
 *
 * No rule that cannot see ahead promises less than 2 - w/P, where w reads wait at a time: with the objects on the
 * last page, and no read after the ones that made it read the whole list, it has spent g + P, against min(g + w, P).
 */
export interface Spent {
  /** Reads that were asked for so far, answered or not. */
  readonly reads: number;
  /** Those of them that had a request of their own. */
  readonly gets: number;
  readonly pages: number;
  /** The pages that are still to come, if that is known. */
  readonly left: number | undefined;
}

/** Whether to ask for the next page of a list that has one, rather than for each object that is waited for. */
export function isPageWorthIt({ reads, gets, pages, left }: Spent): boolean {
  if (pages === 0) return reads > 1;
  if (left === undefined) return pages < reads;
  return gets + pages + left <= 2 * Math.min(reads, pages + left);
}

/** How many pages are still to come after `pages` of a list that has another, as its `total` has it; unknown if that cannot be. */
export function pagesLeft(pages: number, listed: number, total: number | undefined): number | undefined {
  if (total === undefined || listed === 0 || total <= listed) return undefined;
  return Math.ceil((total - listed) / (listed / pages));
}
