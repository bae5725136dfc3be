/**
 * A program with one resource of every kind, steered by `program.json`: `text` is in all that can change in place,
 * `without` names resources to leave out, and `opts` gives some more options. A domain alone cannot change. Those that
 * `native` names, or all, are of the plugin's classes. No program makes a connection, so there is one only where an emulator is
 * started with `partner` and the program is given `partnerConnection`.
 */
export const oneOfEach = `
const { text = "First", without = [], opts = {}, args = {}, native = [], connection } = require("./program.json");
const doorOf = (name) => (native === "all" || native.includes(name) ? "pulumi-scalekit/native" : "pulumi-scalekit");
const made = {};
function declare(kind, name, given) {
  if (!without.includes(name)) made[name] = new (require(doorOf(name))[kind])(name, { ...given, ...args[name] }, opts[name]);
  return made[name];
}
const megasoft = declare("Organization", "megasoft", { displayName: text, externalId: "CUST-1", slug: "megasoft", features: { sso: true } });
declare("Organization", "sandbox", { displayName: text });
const organizationId = megasoft ? megasoft.id : undefined;
declare("Permission", "write", { name: "invoices:write", description: text });
declare("Role", "billing", { name: "billing", displayName: text });
if (organizationId) {
  declare("OrganizationRole", "auditor", { organizationId, name: "auditor", displayName: text });
  declare("OrganizationDomain", "domain", { organizationId, domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" });
  declare("OrganizationApiClient", "robot", { organizationId, name: "Robot", description: text });
  declare("OrganizationSessionPolicy", "sessions", { organizationId, absoluteSessionTimeout: text.length * 10 });
  declare("OrganizationUserManagement", "users", { organizationId, maxAllowedUsers: text.length });
}
if (connection) declare("OrganizationConnection", "sign-in", { organizationId, enabled: text === "First", ...connection });
exports.secret = made.robot && made.robot.clientSecret;
`;

export const namesOfEach = [
  "megasoft",
  "sandbox",
  "write",
  "billing",
  "auditor",
  "domain",
  "robot",
  "sessions",
  "users",
  "sign-in",
] as const;

/** An organization of nobody's program, which has a connection. */
export const partner = {
  id: "org_1",
  display_name: "Partner",
  external_id: "PARTNER",
  connections: [{ id: "conn_1", provider: "OKTA", type: "SAML" }],
};

export const partnerConnection = { organizationId: partner.id, connectionId: "conn_1" };
