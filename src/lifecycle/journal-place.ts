import { readFileSync, writeFileSync } from "node:fs";

/**
 * Only a run's provider knows for sure where the journal is, because the engine may have another environment and backend than
 * the process that asks. So that process names a file, and the provider writes the journal's path there.
 */
export function writePlace(file: string, journal: string): void {
  try {
    writeFileSync(file, journal, { mode: 0o600 });
  } catch {
    // Then no other process can note anything, and the next run learns from the state what was saved.
  }
}

export function readPlace(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
