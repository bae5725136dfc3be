import { z } from "zod";
import { isOnlyRead } from "../lifecycle/state.ts";
import { isKnown, settled } from "./known.ts";
import type { StackRule } from "./options.ts";
import { type Described, messageOf } from "./rule.ts";

/** The fields that no two resources of a type may share, taken together, and the resource type in messages. */
export interface Unique {
  readonly resourceType: string;
  readonly fields: readonly string[];
}

/**
 * Makes a policy that refuses two resources of a stack with the same key.
 *
 * @param uniqueIn the unique fields of a type, if the policy is about it
 */
export const uniqueRule = (rule: Described, uniqueIn: (type: string) => Unique | undefined): StackRule => ({
  ...rule,
  tags: ["scalekit"],
  options: z.strictObject({}),
  validateStack({ resources }, report) {
    const declarers = new Map<string, string>();
    for (const { type, name, urn, props } of resources) {
      const unique = uniqueIn(type);
      if (unique === undefined) continue;
      const { resourceType, fields } = unique;
      const args = settled(props);
      // One that the program only reads declares nothing.
      if (isOnlyRead(args)) continue;
      const values = fields.map((field) => args[field]);
      if (!values.every((value) => typeof value === "string" && isKnown(value))) continue;
      const key = JSON.stringify([type, values]);
      const first = declarers.get(key);
      if (first === undefined) declarers.set(key, name);
      else {
        const problem = `its ${fields.join(" and ")} ${fields.length > 1 ? "are the same as those" : "is the same as that"} of ${first}`;
        report(messageOf(name, problem, rule.remediationSteps, resourceType), urn);
      }
    }
  },
});
