import { answered, Unanswered } from "../asking/answer.ts";
import { type Kit, pathOf, type Question, refusalOf } from "../asking/kit.ts";
import { at } from "../asking/wire.ts";
import { setFeatures } from "./organization.ts";

const hour = { policy_source: "CUSTOM", absolute_session_timeout: 60, absolute_session_timeout_unit: "MINUTES" };
const idle = { idle_session_timeout_enabled: true, idle_session_timeout: 30, idle_session_timeout_unit: "MINUTES" };

const policyOf = (id: string): string => pathOf(id, "/session-policy");

async function patch(kit: Kit, id: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const reply = await kit.ask({ method: "PATCH", path: policyOf(id), body });
  if (reply.status >= 300) throw new Unanswered(`a session policy was refused with ${refusalOf(reply)}`);
}

export const sessionPolicyFeature: Question = {
  name: "sessionPolicyFeature",
  asks: "Does the API take a custom session policy while the organization's feature is off?",
  async find(kit) {
    const id = await kit.scratch.organization(kit.ask, "policy");
    const reply = await kit.ask({ method: "PATCH", path: policyOf(id), body: hour, also: 403 });
    if (reply.status < 300) return answered("optional", "A custom session policy is taken without the feature.");
    if (reply.status !== 403) throw new Unanswered(`a session policy was refused with ${refusalOf(reply)}`);
    // An API client that may not write policies is refused in the same way, and with the feature too.
    await setFeatures(kit, id, { session_policy: true });
    await patch(kit, id, hour);
    return answered("required", `A custom session policy is refused without the feature: ${refusalOf(reply)}.`);
  },
};

export const sessionPolicy: Question = {
  name: "sessionPolicy",
  asks: "Does a session policy keep the values that a PATCH does not name?",
  async find(kit) {
    const id = await kit.scratch.organization(kit.ask, "policy values");
    await setFeatures(kit, id, { session_policy: true });
    await patch(kit, id, { ...hour, ...idle });
    await patch(kit, id, { ...hour, absolute_session_timeout: 120 });
    const { json } = await kit.ask({ method: "GET", path: policyOf(id) });
    if (Number(at(json, "policy", "absolute_session_timeout")) !== 120) {
      throw new Unanswered("a session policy does not show what was set");
    }
    return Number(at(json, "policy", "idle_session_timeout") ?? 0) === 30
      ? answered("merge", "A session policy keeps the values that a PATCH does not name.")
      : answered("replace", "A session policy loses the values that a PATCH does not name.");
  },
};
