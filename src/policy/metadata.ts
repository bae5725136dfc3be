import { z } from "zod";
import { mostPairs, organization } from "../definitions/organization.ts";
import { checkArgs } from "../lifecycle/check.ts";
import { isKnown } from "./known.ts";
import type { MetadataKeysForbiddenOptions, MetadataKeysRequiredOptions, OrganizationRule } from "./options.ts";
import { globs, matches, matchesAny, pattern } from "./patterns.ts";
import { optionsOf, organizationRule } from "./rule.ts";

/** What a required key's value has to be. */
const pairRule = z
  .strictObject({
    pattern: pattern().optional().describe("The pattern that the value must match."),
    allowed: z.array(z.string()).min(1).optional().describe("The values that it may have."),
    default: z.string().optional().describe("What remediation sets where the key is missing."),
  })
  .superRefine((pairRule, ctx) => {
    if (pairRule.default !== undefined && problemOf(pairRule.default, pairRule) !== undefined) {
      ctx.addIssue({ code: "custom", path: ["default"], message: "is a value that the rule itself refuses" });
    }
  });

export const metadataKeysRequired: OrganizationRule = organizationRule({
  name: "metadata-keys-required",
  displayName: "Metadata keys required",
  description: "Organizations have the metadata that the company asks for.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Change metadata in the program, or the keys in the policy pack's configuration.",
  options: optionsOf<MetadataKeysRequiredOptions>()(
    z.strictObject({
      keys: z
        .record(z.string(), pairRule)
        .default({})
        .superRefine((keys, ctx) => {
          for (const [key, { default: value = "x" }] of Object.entries(keys)) {
            const [failure] = checkArgs(organization, { displayName: "x", metadata: { [key]: value } });
            if (failure)
              ctx.addIssue({ code: "custom", path: [key], message: `is refused by Scalekit: ${failure.reason}` });
          }
        })
        .describe("The keys, each with the rule for its value."),
    }),
  ),
  *problems({ args: { metadata }, options: { keys } }) {
    if (!isKnown(metadata)) return;
    for (const [key, pairRule] of Object.entries(keys)) {
      const value = valueAt(metadata, key);
      if (value === undefined) yield `metadata.${key} is not set, and is required`;
      else if (typeof value === "string" && isKnown(value)) {
        const problem = problemOf(value, pairRule);
        if (problem !== undefined) yield `metadata.${key} ${problem}`;
      }
    }
  },
  /**
   * Only if the program declares metadata, or owns only some keys of it: declaring the first key would otherwise declare that there
   * is no other, and clear what was set by hand.
   */
  mend(properties, { args: { metadata, metadataOwnership }, options: { keys } }) {
    const isSafe = metadata !== undefined || metadataOwnership === "declared";
    if (!isKnown(metadata) || !isSafe || (metadata !== undefined && !isRecord(metadata))) return false;
    const missing = Object.entries(keys).flatMap(([key, pairRule]) =>
      pairRule.default === undefined || valueAt(metadata, key) !== undefined ? [] : [[key, pairRule.default] as const],
    );
    if (missing.length === 0 || Object.keys(pairsOf(metadata)).length + missing.length > mostPairs) return false;
    if (metadata === undefined) properties["metadata"] = Object.fromEntries(missing);
    // Changed in place, since a copy would lose the marks of secrets.
    else Object.assign(properties["metadata"] as object, Object.fromEntries(missing));
    return true;
  },
});

export const metadataKeysForbidden: OrganizationRule = organizationRule({
  name: "metadata-keys-forbidden",
  displayName: "Metadata keys forbidden",
  description: "Organizations have no metadata key that is forbidden or reserved for other stacks.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Remove the key from the program, or change the keys or stacks in the policy pack's configuration.",
  options: optionsOf<MetadataKeysForbiddenOptions>()(
    z.strictObject({
      keys: globs().default([]).describe("The keys, in which * stands for any text."),
      stacks: globs().default([]).describe("The stacks that may still have them, as stack or project/stack."),
    }),
  ),
  *problems({ args: { metadata }, stack, options: { keys, stacks } }) {
    if (!isKnown(metadata) || matchesAny(stacks, ...stack)) return;
    for (const key of Object.keys(pairsOf(metadata)).filter((key) => matchesAny(keys, key))) {
      yield stacks.length > 0
        ? `metadata.${key} is reserved for the stacks ${stacks.join(", ")}`
        : `metadata.${key} is forbidden`;
    }
  },
});

function problemOf(value: string, pairRule: { pattern?: string | undefined; allowed?: readonly string[] | undefined }) {
  if (pairRule.allowed !== undefined && !pairRule.allowed.includes(value)) {
    return `is not one of ${pairRule.allowed.map((text) => JSON.stringify(text)).join(", ")}`;
  }
  return pairRule.pattern !== undefined && !matches(pairRule.pattern, value)
    ? `does not match ${pairRule.pattern}`
    : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Not what every object has, such as `constructor`. */
const valueAt = (metadata: unknown, key: string): unknown =>
  Object.hasOwn(pairsOf(metadata), key) ? pairsOf(metadata)[key] : undefined;

/** The rule about the API's limits reports a value that is no object. */
const pairsOf = (metadata: unknown): Record<string, unknown> => (isRecord(metadata) ? metadata : {});
