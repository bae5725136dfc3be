import { z } from "zod";
import { check } from "../lifecycle/check.ts";
import { organizationRule } from "./rule.ts";

/** The provider refuses the same at its own preview; this tells all of it at once, and where a state is analyzed. */
export const apiLimits = organizationRule({
  name: "api-limits",
  displayName: "Scalekit's limits",
  description: "Organizations keep to the limits of Scalekit's API.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Change it where the program declares it.",
  options: z.strictObject({}),
  *problems({ args }) {
    for (const { property, reason } of check(args)) yield `${property} ${reason}`;
  },
});
