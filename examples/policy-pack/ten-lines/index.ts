import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
import { Organization } from "pulumi-scalekit";

const validateResource = validateResourceOfType(Organization, ({ metadata }, { name }, report) => {
  if (metadata?.["tier"] === "gold" && metadata["owner"] === undefined) report(`${name} is gold and has no owner.`);
});
new PolicyPack("acme-ten-lines", {
  policies: [{ name: "gold-has-owner", description: "Gold has an owner.", validateResource }],
});
