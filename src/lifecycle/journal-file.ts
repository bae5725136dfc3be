import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { JournalStorage } from "./journal.ts";

/**
 * A journal in a file that survives the process and the machine's power.
 *
 * @param say told once if the file cannot be written. Organizations are created all the same.
 */
export function journalFile(file: string, say: (line: string) => void): JournalStorage {
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let told = false;

  const tell = (error: NodeJS.ErrnoException): void => {
    if (!told)
      say(`The journal ${file} cannot be written (${error.code}): if this run is interrupted, ${consequence}.`);
    told = true;
  };

  async function write(): Promise<void> {
    const text = waiting.join("");
    waiting = [];
    writing = undefined;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await putDown(file, "a", text);
  }

  async function rewrite(text: string): Promise<void> {
    const fresh = `${file}.new`;
    await putDown(fresh, "w", text);
    await rename(fresh, file);
  }

  return {
    async read() {
      return (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);
    },
    append(line) {
      // Begins with a line break, so that a line that a crash cut short spoils none but itself. Lines that come while
      // the disk is busy are written together.
      waiting.push(`\n${line}`);
      if (writing === undefined) {
        writing = last.then(write).catch(tell);
        last = writing;
      }
      return writing;
    },
    replace(lines) {
      // In its turn, so that what is written meanwhile is neither lost with the old file nor missing from the new one.
      last = last.then(() => rewrite(lines.map((line) => `\n${line}`).join(""))).catch(tell);
      return last;
    },
  };
}

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

const consequence = "the organizations that it was creating have to be adopted by hand";
