import { keyFieldsOf } from "../definitions/definition.ts";
import { uniqueRule } from "./unique.ts";

/** The API refuses a second object with one key. It takes a second setting for a change of the first. */
export const keysUnique = uniqueRule(
  {
    name: "keys-unique",
    displayName: "Keys unique",
    description: "No two resources of a stack have the same unique key, such as the name of a role.",
    enforcementLevel: "mandatory",
    severity: "high",
    remediationSteps: "Change one of them in the program, or declare only one of them.",
  },
  // Another rule covers the external IDs of organizations.
  (definition) => (definition.name === "Organization" ? undefined : keyFieldsOf(definition)),
);
