import { OrganizationApiClient, OrganizationRole } from "pulumi-scalekit";
import { customers } from "./customers";
import { billingAdmin } from "./roles";

const megasoft = customers.organizations["CUST-20001"];

// What one customer has and no other: a role of its own, and a client for its own programs.
new OrganizationRole("megasoft-auditor", {
  organizationId: megasoft.id,
  name: "auditor",
  displayName: "Auditor",
  description: "Reads what the billing administrators do",
  extends: billingAdmin.name,
});

const robot = new OrganizationApiClient("megasoft-robot", {
  organizationId: megasoft.id,
  name: "Nightly export",
  scopes: ["invoices:read"],
  rotation: "2026-11", // another month gives another client with another secret, before the old one goes
});

export const organizationIds = customers.ids;
export const robotId = robot.clientId;
export const robotSecret = robot.clientSecret; // [secret]; pulumi stack output robotSecret --show-secrets
