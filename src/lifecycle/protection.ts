import { type Definition, protectionField, subjectOf, type Values } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";

/** Throws if the state says, or the definition's default does, that the object must not be deleted. */
export function requireUnprotected(definition: Definition, id: string, state: Values): void {
  const { fields, losing } = definition;
  if (losing === undefined || (state[protectionField] ?? fields[protectionField]?.fallback) !== true) return;
  throw new ScalekitError(
    `${upper(subjectOf(definition, id))} is protected from deletion, because a delete would also remove ${losing}. ` +
      "To delete it, set `deletionProtection: false` on its resource, run `pulumi up`, and then take it out of the program. " +
      "To leave it at Scalekit and only forget it, use `retainOnDelete`.",
  );
}
