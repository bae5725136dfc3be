import "../node-version.ts";

export { displayNameConventions } from "./display-name.ts";
export { externalIdPattern, externalIdRequired, externalIdsUnique } from "./external-id.ts";
export { keysUnique } from "./keys-unique.ts";
export { apiLimits } from "./limits.ts";
export { metadataKeysForbidden, metadataKeysRequired } from "./metadata.ts";
export type { OrganizationRule, RuleOptions, StackRule } from "./options.ts";
export { type ScalekitPolicyPackOptions, scalekitPolicyPack } from "./pack.ts";
export { rules } from "./rules.ts";
export { adoptWhereApproved, productionProtected } from "./safety.ts";
export { noPersonalData, noSecrets } from "./sensitive.ts";
