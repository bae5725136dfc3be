import { z } from "zod";
import { check } from "../lifecycle/check.ts";
import { limitsOfKinds } from "./kinds.ts";
import type { OrganizationRule } from "./options.ts";
import { organizationRule } from "./rule.ts";

const ofOrganizations = organizationRule({
  name: "api-limits",
  displayName: "Scalekit's limits",
  description: "All that is declared keeps to the limits of Scalekit's API.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Change it where the program declares it.",
  options: z.strictObject({}),
  *problems({ args }) {
    for (const { property, reason } of check(args)) yield `${property} ${reason}`;
  },
});

/** The provider refuses the same at its own preview; this tells all of it at once, and where a state is analyzed. */
export const apiLimits: OrganizationRule = {
  ...ofOrganizations,
  validateResource: [
    ...[ofOrganizations.validateResource ?? []].flat(),
    limitsOfKinds(ofOrganizations.remediationSteps ?? ""),
  ],
};
