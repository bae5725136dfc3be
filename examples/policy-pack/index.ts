import { Organization } from "pulumi-scalekit";

const megasoft = new Organization("megasoft", {
  displayName: "Megasoft Inc",
  externalId: "CUST-12345",
  metadata: { tier: "gold", owner: "emea-north" },
});

// The policies say which tiers there are: try "platinum", leave out the external ID, or add a key api_key.
const initech = new Organization("initech", {
  displayName: "Initech GmbH",
  externalId: "CUST-12346",
  metadata: { tier: "silver", owner: "emea-south" },
});

export const organizations = { megasoft: megasoft.id, initech: initech.id };
