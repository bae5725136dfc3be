import type { JournalStorage } from "../../src/lifecycle/journal-file.ts";

/** A journal's file without the disk. */
export function inMemory(): JournalStorage {
  let lines: string[] = [];
  return {
    read: async () => [...lines],
    readNew: async () => [...lines],
    append: async (line) => void lines.push(line),
    rewrite: async (kept) => {
      lines = [...kept];
    },
    problem: () => undefined,
  };
}
