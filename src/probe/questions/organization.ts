import { answered, Unanswered, unlike } from "../asking/answer.ts";
import { type Kit, organizationNow, pathOf, type Question, refusalOf, set } from "../asking/kit.ts";
import { organizationsPath } from "../asking/scratch.ts";
import { at } from "../asking/wire.ts";

type Features = Readonly<Record<string, boolean>>;

/** Sets features of an organization, and insists on it. */
export async function setFeatures(kit: Kit, id: string, wanted: Features): Promise<void> {
  const features = Object.entries(wanted).map(([name, enabled]) => ({ name, enabled }));
  const reply = await kit.ask({ method: "PATCH", path: pathOf(id, "/settings"), body: { features } });
  if (reply.status >= 300) throw new Unanswered(`a change of features was refused with ${refusalOf(reply)}`);
}

async function isOn(kit: Kit, id: string, feature: string): Promise<boolean> {
  const all = at(await organizationNow(kit, id), "settings", "features");
  return Array.isArray(all) && all.some((one) => at(one, "name") === feature && at(one, "enabled") === true);
}

export const settings: Question = {
  name: "settings",
  asks: "Do features that a request does not name stay as they are?",
  async find(kit) {
    const id = await kit.scratch.share(kit.ask, "first");
    await setFeatures(kit, id, { sso: true, dir_sync: true });
    if (!(await isOn(kit, id, "dir_sync"))) throw new Unanswered("a feature that was turned on is not shown to be on");
    await setFeatures(kit, id, { sso: false });
    if (await isOn(kit, id, "dir_sync")) return answered("merge", "Features that are not named stay as they are.");
    return answered("replace", "Features that are not named are off afterwards.");
  },
};

export const updateTime: Question = {
  name: "updateTime",
  asks: "Does a PATCH that changes nothing move the update time?",
  async find(kit) {
    const id = await kit.scratch.share(kit.ask, "first");
    const before = await organizationNow(kit, id);
    // Times may be in whole seconds.
    await kit.wire.clock.sleep(1100);
    const after = await set(kit, id, { display_name: before["display_name"] });
    if (typeof before["update_time"] !== "string") return unlike("An organization has no update time.");
    return after["update_time"] === before["update_time"]
      ? answered("changes", "A PATCH that changes nothing keeps the update time.")
      : answered("always", "Every PATCH moves the update time.");
  },
};

export const listSettings: Question = {
  name: "listSettings",
  asks: "Does a list show each organization's settings?",
  async find(kit) {
    const id = await kit.scratch.share(kit.ask, "first");
    const external_id = `${kit.scratch.prefix}-listed`;
    await set(kit, id, { external_id });
    await setFeatures(kit, id, { sso: true });
    const { json } = await kit.ask({ method: "GET", path: organizationsPath, query: { external_id } });
    const page = at(json, "organizations");
    const own = Array.isArray(page) ? page.find((one) => at(one, "id") === id) : undefined;
    if (own === undefined) throw new Unanswered("the list, asked for one external ID, does not show its organization");
    return at(own, "settings") === undefined
      ? answered("absent", "A list does not show settings.")
      : answered("shown", "A list shows settings.");
  },
};
