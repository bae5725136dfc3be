import { z } from "zod";
import { invisible } from "./invisible.ts";
import { isKnown } from "./known.ts";
import type { ExternalIdPatternOptions, OrganizationRule } from "./options.ts";
import { matches, pattern } from "./patterns.ts";
import { optionsOf, organizationRule } from "./rule.ts";
import { uniqueRule } from "./unique.ts";

export const externalIdRequired: OrganizationRule = organizationRule({
  name: "external-id-required",
  displayName: "External ID required",
  description: "Every organization has an external ID.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "In the program, set externalId to your application's own identifier of this customer.",
  options: z.strictObject({}),
  *problems({ args }) {
    if (args["externalId"] === undefined) yield "externalId is not set, and every organization needs one";
  },
});

export const externalIdPattern: OrganizationRule = organizationRule({
  name: "external-id-pattern",
  displayName: "External ID pattern",
  description: "External IDs have no invisible characters and follow the company's format.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Change externalId in the program, or the pattern in the policy pack's configuration.",
  options: optionsOf<ExternalIdPatternOptions>()(
    z.strictObject({
      pattern: pattern().optional().describe("The pattern that an external ID must match."),
    }),
  ),
  *problems({ args: { externalId }, options: { pattern } }) {
    if (typeof externalId !== "string" || !isKnown(externalId)) return;
    if (externalId !== externalId.trim()) yield "externalId begins or ends with white space";
    if (invisible.test(externalId)) yield "externalId holds invisible characters";
    if (pattern !== undefined && !matches(pattern, externalId)) yield `externalId does not match ${pattern}`;
  },
});

/** The API refuses a second one in an environment, and says so when the first is already made. */
export const externalIdsUnique = uniqueRule(
  {
    name: "external-ids-unique",
    displayName: "External IDs unique",
    description: "No two organizations of a stack have the same external ID.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: "Give one of them another externalId in the program, or declare only one of them.",
  },
  ({ name }) => (name === "Organization" ? ["externalId"] : undefined),
);
