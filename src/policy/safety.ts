import { z } from "zod";
import { isKnown } from "./known.ts";
import type { AdoptionOptions, OrganizationRule, ProductionOptions } from "./options.ts";
import { globs, matchesAny } from "./patterns.ts";
import { optionsOf, organizationRule } from "./rule.ts";

/** What stacks that serve customers are called. */
const production = ["prod", "production", "live", "prod-*", "production-*", "*-prod", "*-production"];

export const productionProtected: OrganizationRule = organizationRule({
  name: "production-protected",
  displayName: "Production protected",
  description: "Production organizations are protected from deletion.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps:
    "In the program, set deletionProtection to true, or the option protect. To delete one, name it in except in the policy pack's configuration.",
  options: optionsOf<ProductionOptions>()(
    z.strictObject({
      stacks: globs().default(production).describe("The stacks that are production, as stack or project/stack."),
      metadata: z
        .record(z.string(), z.string())
        .default({})
        .describe("Metadata that marks an organization as production in any stack; one match is enough."),
      except: globs().default([]).describe("Names of resources that may stay unprotected."),
    }),
  ),
  *problems({ names, args: { deletionProtection, metadata }, protect, stack, options }) {
    if (protect || deletionProtection !== false || matchesAny(options.except, ...names)) return;
    const pairs =
      isKnown(metadata) && typeof metadata === "object" && metadata !== null ? Object.entries(metadata) : [];
    const marked = pairs.find(
      ([key, value]) => Object.hasOwn(options.metadata, key) && options.metadata[key] === value,
    );
    const why = matchesAny(options.stacks, ...stack)
      ? `in the stack ${stack[0]}`
      : marked && `by metadata.${marked[0]}`;
    if (why) yield `it is production ${why}, and neither deletionProtection nor protect guards it`;
  },
});

export const adoptWhereApproved: OrganizationRule = organizationRule({
  name: "adopt-where-approved",
  displayName: "Adoption where approved",
  description: "Only approved stacks take over organizations that exist already.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Remove adopt from the program, or add the stack to stacks in the policy pack's configuration.",
  options: optionsOf<AdoptionOptions>()(
    z.strictObject({
      stacks: globs().default([]).describe("The stacks that may adopt, as stack or project/stack."),
    }),
  ),
  *problems({ args: { adopt }, stack, options: { stacks } }) {
    if (adopt === true && !matchesAny(stacks, ...stack)) yield `adopt is set, and ${stack[1]} is not approved for it`;
  },
});
