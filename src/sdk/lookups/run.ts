import * as pulumi from "@pulumi/pulumi";
import { isDebugging } from "../../config/engine-variables.ts";
import { readSettings } from "../../config/settings.ts";
import { isScalekitError } from "../../errors.ts";
import { newAnswers, type Run } from "../../provider/look-ups.ts";
import { visible } from "../../text/visible.ts";
import { requireNoPlainSecrets } from "../program-settings.ts";

/** By the engine's connection, of which every run has one: the Automation API runs many programs in one process. */
const runs = new WeakMap<object, Run>();
const withoutEngine = {};

const say = (line: string): void => void pulumi.log.info(visible(line));

export function currentRun(): Run {
  const engine = pulumi.runtime.getMonitor() ?? withoutEngine;
  const known = runs.get(engine);
  if (known) return known;
  requireNoPlainSecrets();
  // What `new pulumi.Config("scalekit").get(…)` reads, without its warning that the client secret is a secret.
  const settings = readSettings({ get: pulumi.runtime.getConfig });
  const run: Run = {
    environmentUrl: settings.environmentUrl,
    // Loaded here, so that a program without look-ups starts faster.
    client: import("../../api/client.ts").then(({ newClient }) =>
      newClient({ ...settings, say, ...(isDebugging() && { trace: say }) }),
    ),
    answers: newAnswers(),
  };
  runs.set(engine, run);
  return run;
}

/**
 * An error of a program is printed with its source and stack. These messages are complete, so they carry Pulumi's mark
 * for "message only", and no stack for the places that do not look at the mark.
 */
export async function asRunError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isScalekitError(error)) Object.assign(error, { __pulumiRunError: true, stack: error.message });
    throw error;
  }
}
