import { isScalekitError } from "../errors.ts";
import type { CheckFailure } from "./check.ts";
import type { Args } from "./declaration.ts";
import type { Journal } from "./journal.ts";

/**
 * What has to hold of an organization that is to be created while the engine saves the state at the end of a run only.
 *
 * A run that is killed then forgets all that it made, and the next one recognizes that by the journal and the external
 * ID. Of a replacement it would not even look: in the state as it was before, nothing is to be done.
 */
export async function unsafeUnsaved(args: Args, isReplaced: boolean, journal: Journal): Promise<CheckFailure[]> {
  const failures: CheckFailure[] = [];
  if (args.externalId === undefined) {
    failures.push({
      property: "externalId",
      reason: `is needed to create an organization ${unsaved}, or give it one.`,
    });
  }
  if (isReplaced) {
    failures.push({ property: "", reason: `The organization cannot be replaced ${unsaved}.` });
  }
  try {
    await journal.demand();
  } catch (error) {
    if (!isScalekitError(error)) throw error;
    failures.push({ property: "", reason: error.message });
  }
  return failures;
}

const unsaved =
  "while PULUMI_SKIP_CHECKPOINTS is set: if the run were killed, the next one could not tell what became of it. " +
  "Unset PULUMI_SKIP_CHECKPOINTS for this run";
