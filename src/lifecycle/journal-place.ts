import { readFileSync, writeFileSync } from "node:fs";

/**
 * Where a run's journal is, only its provider knows for sure: the engine's environment and backend are not always those of
 * who wants to know. So that one names a file, and the provider says it there.
 */
export function writePlace(file: string, journal: string): void {
  try {
    writeFileSync(file, journal, { mode: 0o600 });
  } catch {
    // Then nothing is noted from outside of this process, and the next run learns from the state what was saved.
  }
}

export function readPlace(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
