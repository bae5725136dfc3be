import { keyFieldsOf } from "../definitions/definition.ts";
import { uniqueRule } from "./unique.ts";

/** The API refuses a second one, and takes a second setting for the first, changed. */
export const keysUnique = uniqueRule(
  {
    name: "keys-unique",
    displayName: "Keys unique",
    description: "No two resources of a stack have the same unique key, such as the name of a role.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: "Change one of them in the program, or declare only one of them.",
  },
  // Of organizations the rule about external IDs speaks.
  (definition) => (definition.name === "Organization" ? undefined : keyFieldsOf(definition)),
);
