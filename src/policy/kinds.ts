import type { ResourceValidation } from "@pulumi/policy";
import { z } from "zod";
import { type Definition, uniqueFieldsOf } from "../definitions/definition.ts";
import { definitions } from "../definitions/index.ts";
import { checkResource } from "../lifecycle/resource-check.ts";
import { typeOf } from "../resource.ts";
import { isKnown, settled } from "./known.ts";
import { argsOf, type Described, messageOf, type StackRule } from "./rule.ts";

/** Everything but organizations, by type. */
const kinds = new Map<string, Definition>(
  Object.values<Definition>(definitions).map((definition) => [typeOf(definition.name), definition]),
);

/** Tells what of a resource of any kind breaks a limit of the API. */
export const limitsOfKinds =
  (steps: string): ResourceValidation =>
  ({ type, name, props }, report) => {
    const definition = kinds.get(type);
    const args = definition && argsOf(props);
    // One that the program only reads declares nothing.
    if (definition === undefined || args === undefined || Object.keys(args).length === 0) return;
    for (const { property, reason } of checkResource(definition, args)) {
      report(messageOf(name, `${property} ${reason}`, steps, definition.name));
    }
  };

const unique = {
  name: "keys-unique",
  displayName: "Keys unique",
  description: "No two resources of a stack are what only one can be, such as a role of one name.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Change one of them where the program declares it, or declare only one of them.",
  tags: ["scalekit"],
} as const satisfies Described;

/** The API refuses a second one, and takes a second setting for the first, changed. */
export const keysUnique: StackRule = {
  ...unique,
  tags: [...unique.tags],
  options: z.strictObject({}),
  validateStack({ resources }, report) {
    const declarers = new Map<string, string>();
    for (const { type, name, urn, props } of resources) {
      const definition = kinds.get(type);
      const fields = definition && uniqueFieldsOf(definition);
      if (fields === undefined) continue;
      const args = settled(props);
      const values = fields.map((field) => args[field]);
      if (values.some((value) => value === undefined || !isKnown(value))) continue;
      const key = JSON.stringify([type, values]);
      const first = declarers.get(key);
      if (first === undefined) declarers.set(key, name);
      else {
        const problem = `its ${fields.join(" and ")} ${fields.length > 1 ? "are those" : "is that"} of ${first} too`;
        report(messageOf(name, problem, unique.remediationSteps, definition?.name), urn);
      }
    }
  },
};
