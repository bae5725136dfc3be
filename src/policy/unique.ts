import type { PolicyResource } from "@pulumi/policy";
import { z } from "zod";
import type { Definition } from "../definitions/definition.ts";
import { definitionOf, setOf } from "../definitions/index.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { isOnlyRead } from "../lifecycle/state.ts";
import { isKnown, settled } from "./known.ts";
import type { StackRule } from "./options.ts";
import { type Described, messageOf } from "./rule.ts";
import { TenantProblems, tenantsOf } from "./tenants.ts";

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
    /** Notes who has a key, and returns who had it before. */
    function claimedBefore(definition: Definition, values: readonly unknown[], name: string): string | undefined {
      if (!values.every((value) => typeof value === "string" && isKnown(value))) return undefined;
      const key = JSON.stringify([definition.name, values]);
      const first = declarers.get(key);
      if (first === undefined) declarers.set(key, name);
      return first;
    }

    function judge(definition: Definition, { name, urn, props, provider }: PolicyResource): void {
      const fields = fieldsOf(definition);
      if (fields === undefined) return;
      const args = settled(props);
      // One that the program only reads declares nothing.
      if (isOnlyRead(args)) return;
      const values = [environmentOf(provider), ...fields.map((field) => args[field])];
      const first = claimedBefore(definition, values, name);
      if (first !== undefined)
        report(messageOf(name, problemWith(fields, first), rule.remediationSteps, definition.name), urn);
    }

    function judgeSet(set: SetDefinition, { name, urn, props, provider }: PolicyResource): void {
      const fields = fieldsOf(set.members);
      if (fields === undefined) return;
      const environment = environmentOf(provider);
      const found = new TenantProblems();
      for (const { externalId, args } of tenantsOf(set, settled(props))) {
        const values = [environment, ...fields.map((field) => args[field])];
        const first = claimedBefore(set.members, values, `${set.name} ${name}`);
        if (first !== undefined) found.add(problemWith(fields, first), externalId);
      }
      for (const { whose, problem } of found.of(name))
        report(messageOf(whose, problem, rule.remediationSteps, set.name), urn);
    }

    for (const resource of resources) {
      const definition = definitionOf(resource.type);
      const set = setOf(resource.type);
      if (definition !== undefined) judge(definition, resource);
      else if (set !== undefined) judgeSet(set, resource);
    }
  },
});

const problemWith = (fields: readonly string[], first: string): string =>
  `its ${fields.join(" and ")} ${fields.length > 1 ? "are the same as those" : "is the same as that"} of ${first}`;

/** The environment that a provider has of its own. All other providers share the one of the run's variables. */
function environmentOf(provider: PolicyResource["provider"]): unknown {
  if (provider === undefined) return "";
  const { environmentUrl, "scalekit:environmentUrl": configured } = settled(provider.props);
  const url = environmentUrl ?? configured ?? "";
  return typeof url === "string" && isKnown(url) ? (URL.parse(url)?.origin ?? url) : url;
}
