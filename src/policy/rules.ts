import { displayNameConventions } from "./display-name.ts";
import { externalIdPattern, externalIdRequired, externalIdsUnique } from "./external-id.ts";
import { keysUnique } from "./keys-unique.ts";
import { apiLimits } from "./limits.ts";
import { metadataKeysForbidden, metadataKeysRequired } from "./metadata.ts";
import type { OrganizationRule, RuleOptions, StackRule } from "./options.ts";
import { adoptWhereApproved, productionProtected } from "./safety.ts";
import { noPersonalData, noSecrets } from "./sensitive.ts";

/** All of them, in the order of the documentation. */
export const rules = {
  externalIdRequired,
  externalIdPattern,
  externalIdsUnique,
  keysUnique,
  metadataKeysRequired,
  metadataKeysForbidden,
  displayNameConventions,
  noSecrets,
  noPersonalData,
  apiLimits,
  productionProtected,
  adoptWhereApproved,
} satisfies Readonly<Record<keyof RuleOptions, OrganizationRule | StackRule>>;
