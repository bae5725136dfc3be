import { answered, Unanswered, unlike } from "../asking/answer.ts";
import { type Kit, pathOf, type Question, refusalOf } from "../asking/kit.ts";
import { at } from "../asking/wire.ts";

/** Adds a domain that nobody has: example.com is reserved for examples. */
async function add(kit: Kit, which: string, label: string) {
  const path = pathOf(await kit.scratch.share(kit.ask, which), "/domains");
  const domain = `${label}.${kit.scratch.prefix}.example.com`;
  const reply = await kit.ask({ method: "POST", path, body: { domain, domain_type: "ORGANIZATION_DOMAIN" } });
  return { reply, domain, shown: at(reply.json, "domain") };
}

async function added(kit: Kit, label: string) {
  const { reply, ...one } = await add(kit, "first", label);
  if (reply.status >= 300) throw new Unanswered(`a domain was refused with ${refusalOf(reply)}`);
  return one;
}

export const domainVerification: Question = {
  name: "domainVerification",
  asks: "Does a domain that an API client adds count as verified?",
  async find(kit) {
    const { shown } = await added(kit, "verified");
    const status = String(at(shown, "verification_status"));
    const says = `A domain that an API client adds has the status ${status}.`;
    if (/VERIFIED$/.test(status)) return answered("admin", says);
    return status === "PENDING" ? answered("dns", says) : unlike(says);
  },
};

export const uniqueDomain: Question = {
  name: "uniqueDomain",
  asks: "Is a domain of a name and type unique in the environment, or in its organization?",
  async find(kit) {
    await added(kit, "unique");
    const { reply } = await add(kit, "second", "unique");
    if (reply.status < 300) return answered("organization", "Two organizations may have one domain.");
    const says = `A domain of another organization's is refused: ${refusalOf(reply)}.`;
    return [400, 409].includes(reply.status) ? answered("environment", says) : unlike(says);
  },
};

export const domainCase: Question = {
  name: "domainCase",
  asks: "Is a domain shown as it was given, or in lower case?",
  async find(kit) {
    const { shown, domain } = await added(kit, "Case");
    const now = at(shown, "domain");
    if (now === domain) return answered("kept", "A domain is shown as it was given.");
    return now === domain.toLowerCase()
      ? answered("lowered", "A domain is shown in lower case.")
      : unlike("A domain is shown as another than was given.");
  },
};
