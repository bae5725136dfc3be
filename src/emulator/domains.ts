import { randomBytes } from "node:crypto";
import { byNumber } from "./pages.ts";
import { endpointsOf } from "./resource.ts";
import { refused } from "./status.ts";
import type { StoredDomain } from "./stored.ts";

const types = ["ALLOWED_EMAIL_DOMAIN", "ORGANIZATION_DOMAIN"];
const create = {
  domain: { type: "text", required: true, min: 4, max: 255 },
  domain_type: { type: "choice", of: ["DOMAIN_TYPE_UNSPECIFIED", ...types] },
} as const;

export const domains = endpointsOf<StoredDomain, typeof create, Record<never, never>>({
  resource: "OrganizationDomain",
  noun: "domain",
  nouns: "domains",
  path: "/api/v1/organizations/{organization_id}/domains",
  owner: { name: "organization_id", rule: { type: "text", min: 1, max: 32 } },
  one: { name: "id", rule: { type: "text" } },
  collection: (store) => store.domains,
  create: { body: create, status: 200 },
  list: byNumber(
    { domain_type: { type: "text", in: types, optional: true } },
    ({ domain_type }, filter) => domain_type === (filter("domain_type") ?? domain_type),
  ),
  make({ body, store, semantics }, organization) {
    const given = body.domain ?? "";
    const domain = semantics.domainCase === "lowered" ? given.toLowerCase() : given;
    const type = types.find((one) => one === body.domain_type) ?? "ORGANIZATION_DOMAIN";
    if (!pattern.test(domain)) throw refused("invalid domain");
    if (open.includes(domain.toLowerCase())) throw refused("public and disposable domains are not allowed");
    const others = semantics.uniqueDomain === "environment" ? store.domains.all() : store.domains.of(organization);
    const same = (other: StoredDomain) =>
      other.domain.toLowerCase() === domain.toLowerCase() && other.domain_type === type;
    if (others.some(same)) throw refused("domain already exists");
    return {
      organization_id: organization ?? "",
      domain,
      domain_type: type,
      ...verification(type, semantics.domainVerification === "dns"),
    };
  },
  show: (domain) => ({ ...domain, environment_id: "env_58345499215790610" }),
});

const pattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;

/** Some of those that belong to nobody's organization. */
const open = ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "mailinator.com"];

function verification(type: string, dns: boolean) {
  if (type === "ALLOWED_EMAIL_DOMAIN") {
    return { verification_status: "AUTO_VERIFIED", verification_method: "NOT_APPLICABLE" };
  }
  if (!dns) return { verification_status: "AUTO_VERIFIED", verification_method: "ADMIN" };
  const secret = `sk_dom_verify_${randomBytes(12).toString("hex")}`;
  const record = { txt_record_key: "scalekit-domain-verification", txt_record_secret: secret };
  return { verification_status: "PENDING", verification_method: "DNS", ...record };
}
