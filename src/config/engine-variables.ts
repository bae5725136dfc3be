/** Whether the engine saves the state at the end of a run only. It reads the variable like this, and asks for no other (CLI 3.259). */
export const isSavedAtEndOnly = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  /^(1|true)$/i.test(environment["PULUMI_SKIP_CHECKPOINTS"] ?? "");

/** The environment for a run of the engine that saves the state at its end only. */
export const savingAtEndOnly = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({
  ...environment,
  PULUMI_SKIP_CHECKPOINTS: "true",
  PULUMI_EXPERIMENTAL: "true",
});

/** The environment for a run of the engine whose provider is to say, in `file`, where its journal is. */
export const askingForPlace = (file: string, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  [placeVariable]: file,
});

export const placeAsked = (environment: NodeJS.ProcessEnv = process.env): string | undefined =>
  environment[placeVariable] || undefined;

const placeVariable = "PULUMI_SCALEKIT_JOURNAL_IN";

/** Whether Pulumi's SDK is to name the promises of a program that were never kept. */
export const looksForLeaks = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  !!environment["PULUMI_DEBUG_PROMISE_LEAKS"];
