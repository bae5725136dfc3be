import { answered, seen, Unanswered } from "../asking/answer.ts";
import { type Kit, type Question, refusalOf } from "../asking/kit.ts";
import { type Page, pageOf } from "./pages.ts";

export const pageSize: Question = {
  name: "pageSize",
  asks: "Which page sizes does the API take, and what does it do with others?",
  async find(kit) {
    await kit.scratch.inARow(kit.ask, 6);
    const one = await pageOf(kit, 1);
    const thousand = await pageOf(kit, 1000);
    if (isRefused(one) || isRefused(thousand)) return refusing(kit, one, thousand);
    const min = await lengthOf(kit, one);
    const max = thousand.next === "" ? undefined : thousand.ids.length;
    const clamps = (min !== undefined && min > 1) || (max !== undefined && max < 1000);
    const found = { ...(min && { min }), ...(max && { max }), ...(clamps && { outside: "clamp" }) };
    const smallest = min === undefined ? "" : ` A page has ${min} at least.`;
    const largest =
      max === undefined
        ? ` The environment has ${thousand.ids.length} organizations, too few to tell how many a page has at most.`
        : ` A page has ${max} at most.`;
    return answered(found, `Sizes of 1 and of 1000 are taken.${smallest}${largest}`);
  },
};

export const usualPageSize: Question = {
  name: "usualPageSize",
  asks: "What do page_size=0 and page_size=101 give?",
  async find(kit) {
    const texts: string[] = [];
    for (const size of [0, 101]) {
      const page = await pageOf(kit, size);
      const all = page.next === "" ? "all " : "";
      texts.push(
        isRefused(page) ? `${size} is refused (${refusalOf(page.reply)})` : `${size} shows ${all}${page.ids.length}`,
      );
    }
    return seen(`page_size=${texts.join(", page_size=")}.`);
  },
};

const isRefused = ({ reply }: Page): boolean => reply.status >= 300;

/** How many entries a page of size one has; unknown if that is the whole list. */
async function lengthOf(kit: Kit, one: Page): Promise<number | undefined> {
  if (one.next !== "") return one.ids.length;
  await kit.scratch.inARow(kit.ask, 12);
  const again = await pageOf(kit, 1);
  return again.next === "" ? undefined : again.ids.length;
}

/** Finds the bounds by halving, if the API refuses sizes outside of them. */
async function refusing(kit: Kit, one: Page, thousand: Page) {
  const taken = async (size: number) => !isRefused(await pageOf(kit, size));
  const within = isRefused(one) ? await firstTaken([10, 5, 20, 50, 100], taken) : 1;
  const min = isRefused(one) ? await border(1, within, taken) : 1;
  let max = 1000;
  if (isRefused(thousand)) {
    const [isHundred, isMore] = within <= 100 ? [await taken(100), await taken(101)] : [false, false];
    if (isHundred && !isMore) max = 100;
    else max = isHundred ? await border(1000, 101, taken) : await border(100, within, taken);
  }
  return answered(
    { min, max, outside: "reject" },
    `Page sizes from ${min} to ${max} are taken, and others are refused.`,
  );
}

/** The size nearest to `refused` that is taken, where `within` is. */
async function border(refused: number, within: number, taken: (size: number) => Promise<boolean>): Promise<number> {
  let [no, yes] = [refused, within];
  while (Math.abs(no - yes) > 1) {
    const middle = Math.trunc((no + yes) / 2);
    if (await taken(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

async function firstTaken(sizes: readonly number[], taken: (size: number) => Promise<boolean>): Promise<number> {
  for (const size of sizes) if (await taken(size)) return size;
  throw new Unanswered("no page size that was tried is taken");
}
