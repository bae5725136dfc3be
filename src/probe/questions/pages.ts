import { Unanswered } from "../asking/answer.ts";
import { answerOf, type Kit, refusalOf } from "../asking/kit.ts";
import { organizationsPath } from "../asking/scratch.ts";
import { at, type Reply } from "../asking/wire.ts";

/** A page of the list of organizations. */
export interface Page {
  readonly reply: Reply;
  readonly ids: readonly string[];
  /** Empty where there is no more. */
  readonly next: string;
}

/** A page, or the refusal of it. */
export async function pageOf({ ask }: Kit, size: number, token = ""): Promise<Page> {
  const query = { page_size: String(size), ...(token && { page_token: token }) };
  const reply = await ask({ method: "GET", path: organizationsPath, query });
  const items = at(reply.json, "organizations");
  const next = at(reply.json, "next_page_token");
  if (reply.status < 300 && !Array.isArray(items)) throw new Unanswered("a list of organizations has no organizations");
  return {
    reply,
    ids: (Array.isArray(items) ? items : []).map((one) => String(at(one, "id"))),
    next: typeof next === "string" ? next : "",
  };
}

/** The pages one after the other, as far as anybody should read them for a question. */
export async function* pagesOf(kit: Kit, size: number): AsyncGenerator<Page> {
  let token = "";
  for (let count = 0; count < mostPages; count++) {
    const page = await pageOf(kit, size, token);
    if (page.reply.status >= 300) throw new Unanswered(`a page of ${size} was refused with ${refusalOf(page.reply)}`);
    yield page;
    if (page.next === "") return;
    token = page.next;
  }
  throw new Unanswered(`the environment has too many organizations to read for this: more than ${mostPages} pages`);
}

const mostPages = 200;

/** A page size that is taken, near the one that is wished for. */
export function sizeNear(kit: Kit, wished: number): number {
  const { min = 1, max = 1000 } = (answerOf(kit, "pageSize") ?? {}) as { min?: number; max?: number };
  return Math.min(Math.max(wished, min), max);
}

/** Organizations of this run in a row, some more than one page shows; with that page's size. */
export async function moreThanAPage(kit: Kit): Promise<{ size: number; row: readonly string[] }> {
  const size = sizeNear(kit, 4);
  if (size > 40)
    throw new Unanswered(`its smallest page is of ${size}, and so many organizations are not made for this`);
  return { size, row: await kit.scratch.inARow(kit.ask, size + 2) };
}
