import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../../api/client.ts";
import { readSettings } from "../../config/settings.ts";
import { isScalekitError } from "../../errors.ts";
import { requireNoPlainSecrets } from "../program-settings.ts";

/** What the look-ups of one run share. */
export interface Run {
  readonly environmentUrl: string;
  readonly client: Promise<Client>;
  readonly answers: Answers;
}

/** By the engine's connection, of which every run has one: the Automation API runs many programs in one process. */
const runs = new WeakMap<object, Run>();
const withoutEngine = {};

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
    client: import("../../api/client.ts").then(({ newClient }) => newClient(settings)),
    answers: newAnswers(),
  };
  runs.set(engine, run);
  return run;
}

/** What a run has asked for so far. */
export interface Answers {
  /** The answer under `key`, which always goes with the same `ask`. */
  once<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

function newAnswers(): Answers {
  const known = new Map<string, Promise<unknown>>();

  return {
    once<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const before = known.get(key) as Promise<T> | undefined;
      if (before !== undefined) return before;
      const coming = ask();
      known.set(key, coming);
      // A failure is forgotten, so that a program may try again.
      coming.catch(() => known.delete(key));
      return coming;
    },
  };
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
