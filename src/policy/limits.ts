import { z } from "zod";
import { checkArgs } from "../lifecycle/check.ts";
import type { OrganizationRule } from "./options.ts";
import { organizationRule } from "./rule.ts";

/** The provider refuses the same at its own preview. This rule reports all of it at once, and also when it analyzes a state. */
export const apiLimits: OrganizationRule = organizationRule({
  name: "api-limits",
  displayName: "Scalekit's limits",
  description: "All arguments keep to the limits of Scalekit's API.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Change it in the program.",
  options: z.strictObject({}),
  isAboutAll: true,
  *problems({ definition, args }) {
    for (const { property, reason } of checkArgs(definition, args)) yield `${property} ${reason}`;
  },
});
