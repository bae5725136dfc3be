import { Organization } from "pulumi-scalekit";

const plans = { "Megasoft Inc": "gold", "Initech GmbH": "silver" };

export const ids = Object.entries(plans).map(([displayName, tier], index) => {
  const externalId = `CUST-${10_001 + index}`;
  return new Organization(externalId, { displayName, externalId, metadata: { tier } }).id;
});
