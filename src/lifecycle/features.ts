import type { Client } from "../api/client.ts";
import type { Organization } from "../schema.ts";
import { isOn } from "./state.ts";

/** Turns features on and off; gives the organization as Scalekit answered, or nothing when it is gone. */
export type SetFeatures = (
  id: string,
  wanted: Readonly<Record<string, boolean>>,
  fresh: Organization | undefined,
) => Promise<Organization | undefined>;

/**
 * The API's documents leave open whether features that a request does not name stay as they are. So the first time the
 * organization is looked at before, and what got lost is put back; from then on it is known what this server does.
 */
export function featureSetter(client: Pick<Client, "get" | "updateFeatures">): SetFeatures {
  let others: "stay" | "go" | undefined;

  /** @param fresh the organization as it is now, where that is known */
  return async function setFeatures(id, wanted, fresh) {
    if (others === "stay") return client.updateFeatures(id, wanted);
    const before = fresh ?? (await client.get(id));
    if (before === undefined) return undefined;
    const all = { ...before.features, ...wanted };
    if (others === "go") return client.updateFeatures(id, all);
    const unnamed = Object.keys(before.features ?? {}).filter((name) => !(name in wanted) && isOn(before, name));
    const answer = await client.updateFeatures(id, wanted);
    if (answer === undefined || unnamed.length === 0) return answer;
    others = unnamed.every((name) => isOn(answer, name)) ? "stay" : "go";
    return others === "stay" ? answer : client.updateFeatures(id, all);
  };
}
