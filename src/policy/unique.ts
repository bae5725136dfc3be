import type { PolicyResource } from "@pulumi/policy";
import { z } from "zod";
import type { Definition } from "../definitions/definition.ts";
import { definitionOf } from "../definitions/index.ts";
import { isOnlyRead } from "../lifecycle/state.ts";
import { isKnown, settled } from "./known.ts";
import type { StackRule } from "./options.ts";
import { type Described, messageOf } from "./rule.ts";

/**
 * Makes a policy that refuses two resources of a stack with the same key in one environment, whichever provider makes them.
 *
 * @param fieldsOf the fields that no two resources of a definition may share, taken together, if the policy is about it
 */
export const uniqueRule = (
  rule: Described,
  fieldsOf: (definition: Definition) => readonly string[] | undefined,
): StackRule => ({
  ...rule,
  tags: ["scalekit"],
  options: z.strictObject({}),
  validateStack({ resources }, report) {
    const declarers = new Map<string, string>();
    for (const { type, name, urn, props, provider } of resources) {
      const definition = definitionOf(type);
      const fields = definition && fieldsOf(definition);
      if (definition === undefined || fields === undefined) continue;
      const args = settled(props);
      // One that the program only reads declares nothing.
      if (isOnlyRead(args)) continue;
      const values = [environmentOf(provider), ...fields.map((field) => args[field])];
      if (!values.every((value) => typeof value === "string" && isKnown(value))) continue;
      const key = JSON.stringify([definition.name, values]);
      const first = declarers.get(key);
      if (first === undefined) declarers.set(key, name);
      else {
        const problem = `its ${fields.join(" and ")} ${fields.length > 1 ? "are the same as those" : "is the same as that"} of ${first}`;
        report(messageOf(name, problem, rule.remediationSteps, definition.name), urn);
      }
    }
  },
});

/** The environment that a provider has of its own. Those that have none share the one of the run's variables. */
function environmentOf(provider: PolicyResource["provider"]): unknown {
  if (provider === undefined) return "";
  const { environmentUrl, "scalekit:environmentUrl": configured } = settled(provider.props);
  const url = environmentUrl ?? configured ?? "";
  return typeof url === "string" && isKnown(url) ? (URL.parse(url)?.origin ?? url) : url;
}
