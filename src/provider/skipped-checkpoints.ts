import { type Definition, isSetting, keyFieldsOf, subjectOf, type Values } from "../definitions/definition.ts";
import { isScalekitError, ScalekitError } from "../errors.ts";
import type { CheckFailure } from "../lifecycle/check.ts";
import { upper } from "../lifecycle/create-errors.ts";
import type { Journal } from "../lifecycle/journal.ts";

/**
 * Rules for runs that save the state only at their end. A killed run then forgets everything that it did, and the next run begins
 * from the state before it.
 */
export const skippedCheckpoints = {
  /** Why a create is refused, if it is. After a kill, the next run recognizes its outcome by the journal and the key. */
  async check(definition: Definition, args: Values, journal: Pick<Journal, "requireStorage">): Promise<CheckFailure[]> {
    // The next run sets a setting again, whatever became of this one.
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
   * Throws if a delete is part of a replacement. With the state before it, the next run would have nothing to do and would read
   * neither object. The engine does not announce a forced replacement earlier than this.
   */
  refuseReplacement(definition: Definition, id: string, isReplaced: boolean): void {
    if (isReplaced)
      throw new ScalekitError(`${upper(subjectOf(definition, id))} is not replaced ${meanwhile}. It was not deleted.`);
  },
};

const meanwhile =
  "while PULUMI_SKIP_CHECKPOINTS is set: if the run were killed, the next one would not know its outcome. Unset " +
  "PULUMI_SKIP_CHECKPOINTS for this run";
