import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { JournalStorage } from "./journal.ts";

/**
 * A journal in a file that survives the process and the machine's power.
 *
 * @param say told once if the file cannot be written. Things are created all the same.
 */
export function journalFile(file: string, say: (line: string) => void): JournalStorage {
  /** What is to be written together when its turn comes. */
  let batch: { readonly lines: string[]; readonly written: Promise<void> } | undefined;
  let last: Promise<void> = Promise.resolve();
  let problem: string | undefined;

  const tell = (error: NodeJS.ErrnoException): void => {
    const told = problem !== undefined;
    problem = `The journal ${file} cannot be written (${error.code})`;
    if (!told) say(`${problem}: if this run is interrupted, ${consequence}.`);
  };

  function newBatch() {
    const lines: string[] = [];
    const written = last.then(() => write(lines)).catch(tell);
    last = written;
    return { lines, written };
  }

  async function write(lines: readonly string[]): Promise<void> {
    if (batch?.lines === lines) batch = undefined;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await putDown(file, "a", textOf(lines));
  }

  async function rewrite(lines: readonly string[]): Promise<void> {
    const fresh = `${file}.new`;
    await putDown(fresh, "w", textOf(lines));
    await rename(fresh, file);
  }

  return {
    async read() {
      return (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);
    },
    append(line) {
      // Lines that come while the disk is busy are written together.
      batch ??= newBatch();
      batch.lines.push(line);
      return batch.written;
    },
    replace(lines) {
      // In its turn: what comes later goes into the new file, and is not lost with the old one.
      batch = undefined;
      last = last.then(() => rewrite(lines)).catch(tell);
      return last;
    },
    problem: () => problem,
  };
}

/** Each line begins with a line break, so that one that a crash cut short spoils none but itself. */
const textOf = (lines: readonly string[]): string => lines.map((line) => `\n${line}`).join("");

/** Resolves once the text outlives a loss of power. */
async function putDown(file: string, flags: "a" | "w", text: string): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

const consequence = "what it was creating has to be adopted by hand";
