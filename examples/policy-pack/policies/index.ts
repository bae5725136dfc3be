import { scalekitPolicyPack } from "pulumi-scalekit/policy";

scalekitPolicyPack({
  externalIdPattern: { pattern: "^CUST-[0-9]{5}$" },
  metadataKeysRequired: {
    keys: {
      tier: { allowed: ["gold", "silver", "standard"], default: "standard" },
      owner: { pattern: "^[a-z-]+$" },
    },
  },
  metadataKeysForbidden: { keys: ["internal_*"], stacks: ["platform/*"] },
  displayNameConventions: { forbiddenWords: ["test", "tmp"] },
});
