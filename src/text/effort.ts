/** How an operation went that took more than one attempt, or that ran out of time. */
export interface Effort {
  /** Requests that were answered or failed, the last one included. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the last one's end. */
  readonly spent: number;
  /** Whether the server may have acted on an attempt before the last. */
  readonly unsure: boolean;
  /** Set when time was the reason to stop. */
  readonly ranOut?: {
    /** Milliseconds. */
    readonly budget: number;
    /** Whether the budget is the command's own, and no setting that could be raised. */
    readonly isFixed?: boolean | undefined;
    /** How many milliseconds the server asked to wait, if it did. */
    readonly asked?: number | undefined;
    /** Whether the user stopped the run. */
    readonly isStopped?: boolean | undefined;
  };
}

/** The attempts before the last one, if they are worth a mention. */
export function inWords(effort: Effort | undefined): string | undefined {
  if (effort === undefined) return undefined;
  const { attempts, spent, ranOut } = effort;
  const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  if (ranOut === undefined) return attempts > 1 ? `That was the last of ${tries} in ${inSeconds(spent)}.` : undefined;
  if (ranOut.isStopped) return `The run was stopped (Ctrl-C) after ${tries}, before the next.`;
  const asked = ranOut.asked === undefined ? "" : ` because Scalekit asked to wait ${inSeconds(ranOut.asked)}`;
  const given = `Gave up after ${inSeconds(spent)} and ${tries}${asked}`;
  if (ranOut.isFixed) return `${given}: the limit here is ${inSeconds(ranOut.budget)}.`;
  return (
    `${given}: one operation may take ${inSeconds(ranOut.budget)}; ` +
    "raise scalekit:operationTimeout or SCALEKIT_OPERATION_TIMEOUT to let it take longer."
  );
}

/** Milliseconds in whole seconds. */
export const inSeconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;
