import { isScalekitError, ScalekitError } from "../errors.ts";
import type { CheckFailure } from "./check.ts";
import type { Args } from "./declaration.ts";
import type { Journal } from "./journal.ts";

/**
 * What has to hold while the engine saves the state at the end of a run only: a run that is killed then forgets all that
 * it did, and the next one begins from the state before it.
 */
export const unsaved = {
  /** What stands in the way of a create. The next run would recognize its outcome by the journal and the external ID. */
  async check(args: Args, journal: Pick<Journal, "demand">): Promise<CheckFailure[]> {
    const nameless =
      args.externalId === undefined
        ? [{ property: "externalId", reason: `is needed to create an organization ${meanwhile}, or give it one.` }]
        : [];
    try {
      await journal.demand();
      return nameless;
    } catch (error) {
      if (!isScalekitError(error)) throw error;
      return [...nameless, { property: "", reason: error.message }];
    }
  },

  /**
   * Throws where a delete makes room for a create. In the state before it, nothing would be to be done, so the next run
   * would look at neither. The engine tells nobody of a replacement that is forced before this.
   */
  demandNoReplacement(called: string, replaced: boolean): void {
    if (replaced) throw new ScalekitError(`${called} is not replaced ${meanwhile}. It was not deleted.`);
  },
};

const meanwhile =
  "while PULUMI_SKIP_CHECKPOINTS is set: if the run were killed, the next one could not tell what became of it. Unset " +
  "PULUMI_SKIP_CHECKPOINTS for this run";
