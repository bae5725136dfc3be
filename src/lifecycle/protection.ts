import { type Definition, protectionField, subjectOf, type Values } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import { upper } from "./create-errors.ts";

/** Whether an object with these arguments or this state must not be deleted: they say so, or the definition's default does. */
export const isProtected = ({ fields, losing }: Definition, values: Values): boolean =>
  losing !== undefined && (values[protectionField] ?? fields[protectionField]?.fallback) === true;

/** The commands that delete all that a stack has. */
export const teardown = "`pulumi config set scalekit:deletionProtection false`, `pulumi up` and `pulumi destroy`";

/** How to delete what is protected. */
export const howToDelete = ({ fields }: Definition, it = "it"): string =>
  `To delete ${it}, set \`deletionProtection: false\` on its resource, run \`pulumi up\`, and then take it out of the program. ` +
  (fields[protectionField]?.fallback === true ? `To delete all organizations of a stack, run ${teardown}. ` : "") +
  `To leave ${it} at Scalekit and only forget it, use \`retainOnDelete\`.`;

/** The protection in one run. The first refusal says what to do, and the others refer to it. */
export function newProtection(definition: Definition) {
  let first: string | undefined;
  return {
    /** Throws if the object must not be deleted. */
    requireNone(id: string, state: Values): void {
      if (!isProtected(definition, state)) return;
      first ??= id;
      const subject = upper(subjectOf(definition, id));
      throw new ScalekitError(
        first === id
          ? `${subject} is protected from deletion, because a delete would also remove ${definition.losing}. ${howToDelete(definition)}`
          : `${subject} is protected from deletion too, as the error of ${first} says.`,
      );
    },
  };
}
