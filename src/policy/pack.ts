import {
  type EnforcementLevel,
  type Policies,
  PolicyPack,
  type PolicyPackArgs,
  type PolicyPackConfig,
} from "@pulumi/policy";
import type { z } from "zod";
import { ConfigurationError } from "../errors.ts";
import type { RuleOptions } from "./options.ts";
import { problemsIn } from "./rule.ts";
import { rules } from "./rules.ts";

/** What a pack is made with: how each rule is enforced, and what else is in it. */
export interface ScalekitPolicyPackOptions extends RuleOptions {
  /**
   * What the pack is called in Pulumi's reports, in letters, digits and `-_.`
   *
   * @default "scalekit"
   */
  readonly name?: string;
  /** How every rule is enforced that says nothing else. `"remediate"` mends what can be mended; see the documentation. */
  readonly all?: EnforcementLevel;
  /** Policies of your own, in the same pack. */
  readonly policies?: Policies;
}

/**
 * A policy pack with all rules, which is what a pack's program has to make. One that is misconfigured says so before
 * anything is looked at. What `--policy-pack-config` or Pulumi Cloud say of a rule wins.
 *
 * @example
 * ```ts
 * scalekitPolicyPack({
 *   all: "mandatory",
 *   externalIdPattern: { pattern: "^CUST-\\d+$" },
 *   metadataKeysRequired: { keys: { tier: { allowed: ["gold", "silver"] } } },
 *   displayNameConventions: "disabled",
 * });
 * ```
 */
export function scalekitPolicyPack(options: ScalekitPolicyPackOptions = {}): PolicyPack {
  const { name, args, config } = packOf(options);
  return new PolicyPack(name, args, config);
}

/** What the pack is made of. To make one is to serve it. */
export function packOf(options: ScalekitPolicyPackOptions): {
  name: string;
  args: PolicyPackArgs;
  config: PolicyPackConfig;
} {
  const { name = "scalekit", all, policies = [], ...ruleOptions } = options;
  const problems = Object.entries(ruleOptions).flatMap(([rule, given]) => problemsOf(rule, given));
  if (all !== undefined && !isLevel(all)) problems.push(`all must be one of ${levels.join(", ")}`);
  if (problems.length > 0) throw misconfigured(problems);
  const config = Object.entries(ruleOptions).map(([name, given]) => {
    const rule = rules[name as keyof RuleOptions];
    // Pulumi would take a level that is missing here for "advisory".
    const level = { enforcementLevel: all ?? rule.enforcementLevel };
    return [rule.name, typeof given === "string" ? given : { ...level, ...(given as object) }] as const;
  });
  return {
    name,
    args: {
      policies: [...Object.values(rules), ...policies],
      displayName: "Scalekit",
      description: "Rules that a company sets for its organizations at Scalekit.",
      provider: "scalekit",
      tags: ["scalekit"],
    },
    config: { ...(all === undefined ? {} : { all }), ...Object.fromEntries(config) } as PolicyPackConfig,
  };
}

function problemsOf(name: string, given: unknown): string[] {
  const rule = Object.hasOwn(rules, name) ? rules[name as keyof RuleOptions] : undefined;
  if (rule === undefined) return [`${name} is not a rule; the rules are ${Object.keys(rules).join(", ")}`];
  if (typeof given === "string" && isLevel(given)) return [];
  if (typeof given !== "object" || given === null) {
    return [`${name} must be an object, or one of ${levels.join(", ")}`];
  }
  const { enforcementLevel, ...options } = given as { enforcementLevel?: unknown };
  const result = (rule.options as unknown as z.ZodType).safeParse(options);
  return [
    ...(enforcementLevel === undefined || isLevel(enforcementLevel)
      ? []
      : [`${name}.enforcementLevel must be one of ${levels.join(", ")}`]),
    ...(result.success ? [] : [`${name}: ${problemsIn(result.error)}`]),
  ];
}

const levels = ["advisory", "mandatory", "remediate", "disabled"];

const isLevel = (value: unknown): boolean => levels.includes(value as string);

function misconfigured(problems: readonly string[]): ConfigurationError {
  const message = `scalekitPolicyPack: ${problems.join("; ")}.`;
  // Pulumi's mark of an error that is shown without a stack trace.
  return Object.assign(new ConfigurationError(message), { __pulumiRunError: true });
}
