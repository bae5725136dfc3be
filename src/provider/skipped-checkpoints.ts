import { type Definition, isSetting, keyFieldsOf, subjectOf, type Values } from "../definitions/definition.ts";
import { isScalekitError, ScalekitError } from "../errors.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { upper } from "../lifecycle/create-errors.ts";
import type { Journal } from "../lifecycle/journal.ts";

/**
 * What has to hold while the engine saves the state at the end of a run only: a run that is killed then forgets all that
 * it did, and the next one begins from the state before it.
 */
export const skippedCheckpoints = {
  /** What stands in the way of a create. The next run would recognize its outcome by the journal and its key. */
  async check(definition: Definition, args: Values, journal: Pick<Journal, "requireStorage">): Promise<CheckFailure[]> {
    // What a setting is set to is set again by the next run, which knows of no earlier one.
    if (isSetting(definition.api)) return [];
    const missing = (keyFieldsOf(definition) ?? []).filter((field) => args[field] === undefined);
    const failures = missing.map((property) => ({
      property,
      reason: `is needed to create an ${definition.noun} ${meanwhile}, or give it one.`,
    }));
    try {
      await journal.requireStorage();
      return failures;
    } catch (error) {
      if (!isScalekitError(error)) throw error;
      return [...failures, { property: "", reason: error.message }];
    }
  },

  /**
   * Throws where a delete makes room for a create. In the state before it, nothing would be to be done, so the next run
   * would look at neither. The engine tells nobody of a replacement that is forced before this.
   */
  refuseReplacement(definition: Definition, id: string, isReplaced: boolean): void {
    if (isReplaced)
      throw new ScalekitError(`${upper(subjectOf(definition, id))} is not replaced ${meanwhile}. It was not deleted.`);
  },
};

const meanwhile =
  "while PULUMI_SKIP_CHECKPOINTS is set: if the run were killed, the next one would not know its outcome. Unset " +
  "PULUMI_SKIP_CHECKPOINTS for this run";
