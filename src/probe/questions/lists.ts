import { answered, Unanswered, unlike } from "../asking/answer.ts";
import { type Kit, pathOf, type Question } from "../asking/kit.ts";
import { at } from "../asking/wire.ts";
import { moreThanAPage, type Page, pageOf, pagesOf, sizeNear } from "./pages.ts";

export const order: Question = {
  name: "order",
  asks: "Which end does a list begin at?",
  after: ["pageSize"],
  async find(kit) {
    const row = await kit.scratch.inARow(kit.ask, 6);
    const found: string[] = [];
    for await (const { ids } of pagesOf(kit, sizeNear(kit, 100))) {
      for (const id of ids) if (row.includes(id)) found.push(id);
      if (found.length === row.length) break;
    }
    if (found.length < row.length) throw new Unanswered("the list does not show all that was made");
    const is = (expected: readonly string[]) => expected.every((id, index) => id === found[index]);
    if (is(row.toReversed())) return answered("newest", "A list begins with the newest.");
    if (is(row)) return answered("oldest", "A list begins with the oldest.");
    return unlike("A list is in no order of time.");
  },
};

export const totalSize: Question = {
  name: "totalSize",
  asks: "What does total_size count?",
  after: ["pageSize"],
  async find(kit) {
    const { size } = await moreThanAPage(kit);
    const { reply, ids, next } = await pageOf(kit, size);
    if (next === "") throw new Unanswered("a page that does not show everything says that there is no more");
    const total = at(reply.json, "total_size");
    if (total === undefined) return answered("absent", "A page has no total_size.");
    return Number(total) === ids.length
      ? answered("page", "total_size counts what is on the page.")
      : answered("all", "total_size counts more than what is on the page.");
  },
};

export const pageToken: Question = {
  name: "pageToken",
  asks: "Does a page token stand for a place, or for a number of organizations before it?",
  after: ["pageSize"],
  async find(kit) {
    const { size, row } = await moreThanAPage(kit);
    const { seen, following, token } = await boundary(kit, size, row);
    const [gone = ""] = seen;
    const reply = await kit.ask({ method: "DELETE", path: pathOf(gone) });
    if (reply.status >= 300) throw new Unanswered(`a delete was answered with ${reply.status}`);
    kit.scratch.gone(gone);
    const { ids } = await pageOf(kit, size, token);
    if (ids.includes(following)) return answered("cursor", "A delete on an earlier page leaves the next one as it is.");
    return answered("offset", "A delete on an earlier page lets the next one skip an organization.");
  },
};

/** The end of a page that is between two in the row: which were before it, which comes next, and the token of what follows. */
async function boundary(kit: Kit, size: number, row: readonly string[]) {
  const seen: string[] = [];
  let last: Page | undefined;
  for await (const page of pagesOf(kit, size)) {
    for (const id of page.ids) if (row.includes(id)) seen.push(id);
    last = page;
    if (seen.length > 0) break;
  }
  const left = row.filter((id) => !seen.includes(id));
  // In a list, the row is as it was made or the other way round.
  const following = seen[0] === row[0] ? left[0] : left.at(-1);
  if (last === undefined || last.next === "" || following === undefined) {
    throw new Unanswered("no page ends between two organizations of this run");
  }
  return { seen, following, token: last.next };
}
