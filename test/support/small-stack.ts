import { type Client, newClient } from "../../src/api/client.ts";
import type { Definition } from "../../src/definitions/definition.ts";
import { definitions } from "../../src/definitions/index.ts";
import { type EmulatorOptions, type FaultOptions, startEmulator } from "../../src/emulator/index.ts";
import { openJournal } from "../../src/lifecycle/journal.ts";
import { type Lifecycle, newLifecycle } from "../../src/lifecycle/lifecycle.ts";
import { inMemory } from "./journal-storage.ts";
import { unhurried } from "./lifecycle.ts";
import type { Saved } from "./small-engine.ts";

/** A stack at the size of a test: its state and its journal, and an environment of its own. */
export async function smallStack(options: EmulatorOptions, say: (line: string) => void) {
  const emulator = await startEmulator(options);
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, clock: unhurried });
  const journal = inMemory();
  const saved: Saved = new Map();

  /** The lifecycles that one process of the provider has, remembering what earlier ones noted. */
  function process(over: Client = client): (definition: Definition) => Lifecycle {
    const own = openJournal(emulator.url, () => journal);
    const all = Object.values<Definition>(definitions);
    const lifecycles = new Map(all.map((one) => [one, newLifecycle(one, over, { journal: own, say })]));
    return (definition) => lifecycles.get(definition) as Lifecycle;
  }

  /** How many answers are still to be other than the emulator's own. */
  async function faultsToCome(): Promise<number> {
    const answer = await fetch(`${emulator.url}/_emulator/faults`);
    return countOf((await answer.json()) as FaultOptions[]);
  }

  return {
    emulator,
    client,
    saved,
    journal,
    process,
    faultsToCome,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await emulator.close();
    },
  };
}

export const countOf = (faults: readonly FaultOptions[]): number =>
  faults.reduce((sum, { count = 1 }) => sum + count, 0);
