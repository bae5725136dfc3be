import { answered, Unanswered } from "../asking/answer.ts";
import { changed, type Kit, type Question, set } from "../asking/kit.ts";

const ways = {
  empty: { says: '""', body: (field: string) => ({ [field]: "" }), mask: false },
  null: { says: "null", body: (field: string) => ({ [field]: null }), mask: false },
  mask: { says: "absence under an explicit update_mask", body: () => ({}), mask: true },
} as const;

/** What clears a field of text. */
function clearing(name: string, field: string, value: (kit: Kit) => string, more?: Question["find"]): Question {
  return {
    name,
    asks: `What clears ${field}: "", null, or absence under an explicit update_mask?`,
    async find(kit) {
      const id = await kit.scratch.share(kit.ask, "first");
      const working: (keyof typeof ways)[] = [];
      for (const way of Object.keys(ways) as (keyof typeof ways)[]) {
        const before = await set(kit, id, { [field]: value(kit) });
        if (before[field] !== value(kit)) throw new Unanswered(`${field} could not be set`);
        const { body, mask } = ways[way];
        const { now } = await changed(kit, id, body(field), mask ? field : undefined);
        if (!now[field]) working.push(way);
      }
      await set(kit, id, { [field]: value(kit) });
      const [first = "never", ...others] = working;
      const also = others.map((way) => ways[way].says).join(" and ");
      const says =
        first === "never"
          ? `Nothing that was tried clears ${field}.`
          : `${field} is cleared by ${ways[first].says}${also && `, and by ${also}`}.`;
      const addition = more && (await more(kit));
      return answered(first, addition ? `${says} ${addition.says}` : says);
    },
  };
}

/** Whether two organizations may be without one at once, which `""` as a value would forbid. */
const twoWithout: Question["find"] = async (kit) => {
  const both = [await kit.scratch.share(kit.ask, "first"), await kit.scratch.share(kit.ask, "second")];
  const statuses: number[] = [];
  for (const id of both) statuses.push((await changed(kit, id, { external_id: "" })).reply.status);
  for (const [index, id] of both.entries())
    await set(kit, id, { external_id: `${kit.scratch.prefix}-cleared-${index}` });
  return {
    kind: "seen",
    says: `Asked of two organizations, external_id "" was answered with ${statuses.join(" and ")}.`,
  };
};

export const externalIdClear = clearing(
  "externalIdClear",
  "external_id",
  ({ scratch }) => `${scratch.prefix}-clear`,
  twoWithout,
);
export const logoUrlClear = clearing("logoUrlClear", "logo_url", () => "https://example.com/logo.png");
