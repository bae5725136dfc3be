import { Permission, Role } from "pulumi-scalekit";

// Declared once, for every customer. A role names the permissions that it grants, so they are there before it.
const permission = (name: string, description: string) =>
  new Permission(name.replace(":", "-"), { name, description }).name;

const readInvoices = permission("invoices:read", "See invoices");
const writeInvoices = permission("invoices:write", "Write and send invoices");
const manageBilling = permission("billing:manage", "Change plan and payment");

const viewer = new Role("viewer", {
  name: "viewer",
  displayName: "Viewer",
  permissions: [readInvoices],
});

const accountant = new Role("accountant", {
  name: "accountant",
  displayName: "Accountant",
  permissions: [writeInvoices],
  extends: viewer.name,
});

export const billingAdmin = new Role("billing-admin", {
  name: "billing_admin",
  displayName: "Billing administrator",
  permissions: [manageBilling],
  extends: accountant.name,
});
