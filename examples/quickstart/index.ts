import { Organization } from "pulumi-scalekit";

const megasoft = new Organization("megasoft", {
  displayName: "Megasoft Inc",
  externalId: "CUST-12345-MGSFT",
  metadata: { tier: "gold", billing_plan: "annual" },
});

const initech = new Organization("initech", {
  displayName: "Initech GmbH",
  externalId: "CUST-12346-INTCH",
  metadata: { tier: "silver" },
});

// Neither an external ID nor metadata: whatever is set there by hand is left alone.
const sandbox = new Organization("sandbox", { displayName: "Sales sandbox" });

export const organizations = {
  megasoft: megasoft.id,
  initech: initech.id,
  sandbox: sandbox.id,
};
