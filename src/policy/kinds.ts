import type { ResourceValidation } from "@pulumi/policy";
import { uniqueFieldsOf } from "../definitions/definition.ts";
import { definitionOf } from "../definitions/index.ts";
import { checkResource } from "../lifecycle/resource-check.ts";
import { argsOf, messageOf } from "./rule.ts";
import { uniqueRule } from "./unique.ts";

/** Tells what of a resource of any kind breaks a limit of the API. */
export const limitsOfKinds =
  (steps: string): ResourceValidation =>
  ({ type, name, props }, report) => {
    const definition = definitionOf(type);
    const args = definition && argsOf(props);
    // One that the program only reads declares nothing.
    if (definition === undefined || args === undefined || Object.keys(args).length === 0) return;
    for (const { property, reason } of checkResource(definition, args)) {
      report(messageOf(name, `${property} ${reason}`, steps, definition.name));
    }
  };

/** The API refuses a second one, and takes a second setting for the first, changed. */
export const keysUnique = uniqueRule(
  {
    name: "keys-unique",
    displayName: "Keys unique",
    description: "No two resources of a stack are what only one can be, such as a role of one name.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: "Change one of them where the program declares it, or declare only one of them.",
  },
  (type) => {
    const definition = definitionOf(type);
    const fields = definition && uniqueFieldsOf(definition);
    return fields && { kind: definition.name, fields };
  },
);
