// Written by pulumi-scalekit from https://acme.scalekit.com.
import { Organization } from "pulumi-scalekit";

/** The organizations by the names that they have in the stack. */
export const organizations = {
  "ACC-0007": new Organization("ACC-0007", {
    displayName: "Aperture Metrics Inc",
    externalId: "ACC-0007",
    metadata: { billing_plan: "annual", tier: "platinum" },
    features: { dirSync: true, sso: true },
  }),
  "ACC-0012": new Organization("ACC-0012", {
    displayName: "Blåtand Consulting AS",
    externalId: "ACC-0012",
    metadata: { tier: "silver" },
  }),
  "Corner-Bakery-Sons": new Organization("Corner-Bakery-Sons", {
    displayName: "Corner Bakery & Sons",
    metadata: { "cost center": "4711", source: "self-service" },
  }),
  Demo: new Organization("Demo", {
    displayName: "Demo",
  }),
  "Demo-58846120937755301": new Organization("Demo-58846120937755301", {
    displayName: "Demo",
    slug: "demo",
  }),
};
