import * as pulumi from "@pulumi/pulumi";
import { aboutPlainSecrets, plainSecretsIn } from "../config/settings.ts";

/**
 * Throws if the stack's configuration holds a secret in plain text. Everything that asks the engine for something of this
 * package calls it first: with the first resource the engine saves all of the configuration, as the provider's inputs.
 */
export function requireNoPlainSecrets(): void {
  const engine = engineOfRun();
  if (engine === undefined || clean.has(engine)) return;
  const found = plainSecretsIn(pulumi.runtime.allConfig(), isConfigSecret);
  if (found.length > 0) {
    throw new pulumi.RunError(aboutPlainSecrets(found, "Nothing was sent, and nothing went into the state. "));
  }
  clean.add(engine);
}

/** By the engine's connection, of which every run has one: the Automation API runs many programs in one process. */
const clean = new WeakSet<object>();

/** A unit test with mocks has no engine, and a policy pack no monitor and no word of what is secret. Neither saves anything. */
const engineOfRun = (): object | undefined =>
  pulumi.runtime.getMonitor() === undefined ? undefined : pulumi.runtime.getEngine();

/** Of the SDK, which has it but not in its types. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
