import { isDeepStrictEqual } from "node:util";
import { answered, seen, unlike, type Verdict } from "../asking/answer.ts";
import { answerOf, changed, type Kit, type Question, refusalOf, set } from "../asking/kit.ts";

const whole = { alpha: "1", beta: "2" };

/** An organization with both pairs. */
async function begin(kit: Kit): Promise<string> {
  const id = await kit.scratch.share(kit.ask, "first");
  await set(kit, id, { metadata: whole });
  return id;
}

async function afterPatch(kit: Kit, metadata: object, mask?: string) {
  const { reply, now } = await changed(kit, await begin(kit), { metadata }, mask);
  const left = (now["metadata"] ?? {}) as Readonly<Record<string, string>>;
  return { reply, left, is: (expected: object) => isDeepStrictEqual(left, expected) };
}

const shown = (left: object): string => JSON.stringify(left);

export const metadata: Question = {
  name: "metadata",
  asks: "Does the metadata of a PATCH replace what is there, or is it added?",
  async find(kit): Promise<Verdict> {
    const { reply, left, is } = await afterPatch(kit, { alpha: "3" });
    if (is({ alpha: "3" })) return answered("replace", "A PATCH of metadata replaces all of it.");
    if (is({ alpha: "3", beta: "2" })) return answered("merge", "A PATCH of metadata adds to what is there.");
    return unlike(`A PATCH of one of two pairs was answered with ${reply.status}, and left ${shown(left)}.`);
  },
};

export const emptyMetadata: Question = {
  name: "emptyMetadata",
  asks: "Does an empty map clear all metadata?",
  after: ["metadata"],
  async find(kit) {
    const { reply, left, is } = await afterPatch(kit, {});
    const merges = answerOf(kit, "metadata") === "merge";
    if (reply.status >= 300) return unlike(`An empty map is refused: ${refusalOf(reply)}.`);
    if (is(whole)) {
      return merges
        ? seen("An empty map changes nothing, since a PATCH adds to the metadata.")
        : answered("ignored", "An empty map counts as not given.");
    }
    if (is({}) && !merges) return answered("clears", "An empty map clears all metadata.");
    return unlike(`An empty map leaves ${shown(left)}.`);
  },
};

export const metadataRemoval: Question = {
  name: "metadataRemoval",
  asks: "If {…} does not remove a key, what does: update_mask, or null?",
  after: ["metadata", "emptyMetadata"],
  async find(kit) {
    const merges = answerOf(kit, "metadata") === "merge";
    const clears = answerOf(kit, "emptyMetadata") === "clears";
    const masked = merges ? await afterPatch(kit, { alpha: "3" }, "metadata") : await afterPatch(kit, {}, "metadata");
    const byMask = masked.is(merges ? { alpha: "3" } : {});
    const nulled = await afterPatch(kit, merges ? { alpha: null } : { alpha: null, beta: "2" });
    const byNull = nulled.reply.status < 300 && nulled.is({ beta: "2" });
    if (!merges && clears) {
      if (byNull) return answered("null", "A null value removes its key, as leaving the key out does.");
      return seen("A key leaves with a PATCH that does not have it, and needs no other way.");
    }
    if (byMask) return answered("mask", `An explicit update_mask removes keys${byNull ? ", and so does null" : ""}.`);
    if (byNull) return answered("null", "A null value removes its key.");
    return answered("never", "No request that was tried removes a single key.");
  },
};
