/** Whether the engine saves the state only at the end of a run. It reads the variable the same way, and needs no other (CLI 3.259). */
export const isSavedAtEndOnly = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  /^(1|true)$/i.test(environment["PULUMI_SKIP_CHECKPOINTS"] ?? "");

/** The environment for a run of the engine that saves the state at its end only. */
export const savingAtEndOnly = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  ...environment,
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_EXPERIMENTAL: "true",
});

/** The environment for a run of the engine whose provider writes its journal's path into `file`. */
export const askingForPlace = (file: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  [placeVariable]: file,
});

export const placeAsked = (environment: NodeJS.ProcessEnv = process.env): string | undefined =>
  environment[placeVariable] || undefined;

const placeVariable = "PULUMI_SCALEKIT_JOURNAL_IN";

/** Whether a line about each request is shown: SCALEKIT_DEBUG. */
export const isDebugging = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  /^(1|true)$/i.test(environment["SCALEKIT_DEBUG"] ?? "");

/** Whether Pulumi's SDK should name promises that never settle. */
export const looksForLeaks = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  !!environment["PULUMI_DEBUG_PROMISE_LEAKS"];
