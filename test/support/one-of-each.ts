/**
 * A program with one resource of every kind, steered by `program.json`: `text` is in all that can change in place,
 * `without` names resources to leave out, and `opts` gives some more options. A domain alone cannot change. Those that
 * `native` names, or all, are of the plugin's classes. A `connection` is declared if there is one.
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
  if (connection) declare("OrganizationConnection", "sign-in", { organizationId, ...connection });
}
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
] as const;
