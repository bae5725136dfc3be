import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askingForPlace, savingAtEndOnly } from "../config/engine-variables.ts";
import { definitionOf } from "../definitions/index.ts";
import { readPlace } from "../lifecycle/journal-place.ts";
import { journalTail } from "../lifecycle/journal-tail.ts";
import { resourcesOfStack } from "./stack-state.ts";

/**
 * Runs the engine so that it saves the state at its end only, and then notes in the journal what the state has. No program
 * can do that, since it ends before: see saved.ts.
 */
export async function notingSaved(
  stack: string | undefined,
  run: (environment: NodeJS.ProcessEnv) => Promise<number>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-"));
  try {
    const place = join(folder, "journal");
    const code = await run(askingForPlace(place, savingAtEndOnly()));
    const journal = readPlace(place);
    if (journal !== undefined) await note(stack, journal);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function note(stack: string | undefined, journal: string): Promise<void> {
  try {
    const ids = new Map<string, string[]>();
    for (const { type, id, external } of await resourcesOfStack(stack)) {
      const resourceType = definitionOf(type)?.name;
      if (resourceType === undefined || external || id === undefined) continue;
      const those = ids.get(resourceType) ?? [];
      those.push(id);
      ids.set(resourceType, those);
    }
    journalTail(journal).noteSaved(ids);
  } catch {
    // The run is over and has reported its result. The next `up` makes up for this.
  }
}
