import { Organization } from "pulumi-scalekit";

const megasoft = new Organization("megasoft", {
  displayName: "Megasoft Inc",
  externalId: "CUST-12345-MGSFT",
  metadata: { tier: "gold" },
});

export const organizationId = megasoft.id;
