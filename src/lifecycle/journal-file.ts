import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** Where a journal's lines are kept. */
export interface JournalStorage {
  read(): Promise<string[]>;
  /** All lines again if others have written any since this was last asked, and none otherwise. */
  readNew(): Promise<string[]>;
  /** Resolves once the line outlives the process. */
  append(line: string): Promise<void>;
  /** Puts these lines in place of all others. */
  rewrite(lines: readonly string[]): Promise<void>;
  /** Why lines do not outlive the process, if they do not. */
  problem(): string | undefined;
}

/**
 * A journal in a file that survives the process and the machine's power. A run has several processes that share it: the dynamic
 * provider, the plugin, and each instance of the plugin. None loses what another has written.
 *
 * @param say called once if the file cannot be written. Creates go on anyway.
 */
export function journalFile(file: string, say: (line: string) => void): JournalStorage {
  /** The lines that are written together in the next turn. */
  let batch: { readonly lines: string[]; readonly written: Promise<void> } | undefined;
  let last: Promise<void> = Promise.resolve();
  let problem: string | undefined;
  /** What this process has read, and how many bytes it has written since. */
  let known: { readonly content: Buffer; written: number } = { content: Buffer.of(), written: 0 };
  /** Which file `readNew` has seen, and how long it was. */
  let seen = "";

  const tell = (error: NodeJS.ErrnoException, verb: "read" | "written" = "written"): void => {
    const wasReported = problem !== undefined;
    problem ??= `The journal ${file} cannot be ${verb} (${error.code ?? error.message})`;
    if (!wasReported) say(`${problem}: if this run is interrupted, ${consequence}.`);
  };

  function newBatch() {
    const lines: string[] = [];
    const written = last.then(() => write(lines)).catch((error) => tell(error));
    last = written;
    return { lines, written };
  }

  async function write(lines: readonly string[]): Promise<void> {
    if (batch?.lines === lines) batch = undefined;
    await add(textOf(lines));
  }

  /** Again where another process has put a new file in place meanwhile, which need not have these lines. */
  async function add(text: string): Promise<void> {
    while (!(await putDown(file, constants.O_APPEND, text))) {}
    known.written += Buffer.byteLength(text);
  }

  async function rewrite(lines: readonly string[]): Promise<void> {
    const fresh = `${file}.${randomUUID()}.new`;
    const old = openPlain(file, constants.O_RDONLY);
    try {
      const content = readFileSync(old);
      await putDown(fresh, constants.O_TRUNC, `${textOf(lines)}${content.subarray(knownOf(content))}`);
      renameSync(fresh, file);
      // What has come while it was put down.
      const late = readFileSync(old, "utf8");
      if (late !== "") await add(late);
    } finally {
      closeSync(old);
    }
  }

  /** How many of these bytes this process knows. If others have written too, its own are kept with theirs, which does no harm. */
  function knownOf(content: Buffer): number {
    const { length } = known.content;
    if (!content.subarray(0, length).equals(known.content)) return 0;
    return content.length === length + known.written ? content.length : length;
  }

  function content(): Buffer {
    try {
      return readPlain(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") tell(error as NodeJS.ErrnoException, "read");
      return Buffer.of();
    }
  }

  return {
    async read() {
      known = { content: content(), written: 0 };
      return linesIn(known.content);
    },
    async readNew() {
      // A file only grows, until another takes its place.
      const now = formOf(file);
      if (now === seen) return [];
      seen = now;
      return linesIn(content());
    },
    append(line) {
      // Lines that come while the disk is busy are written together.
      batch ??= newBatch();
      batch.lines.push(line);
      return batch.written;
    },
    rewrite(lines) {
      // In its turn, so that later lines go into the new file and are not lost with the old one.
      batch = undefined;
      last = last.then(() => rewrite(lines)).catch((error) => tell(error));
      return last;
    },
    problem: () => problem,
  };
}

/** What reads the lines of every journal in a folder: all of each that has changed since it was last asked. */
export function allJournals(folder: string): () => Promise<string[]> {
  const known = new Map<string, JournalStorage>();
  return async () => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl"));
    const journals = names.map((name) => {
      const journal = known.get(name) ?? journalFile(join(folder, name), () => {});
      known.set(name, journal);
      return journal;
    });
    return (await Promise.all(journals.map((journal) => journal.readNew()))).flat();
  };
}

const linesIn = (content: Buffer): string[] => content.toString("utf8").split("\n").filter(Boolean);

/** Which file it is and how long, as one text; none if it is not there. */
function formOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.size}`;
}

/** Each line begins with a line break, so that a line that a crash cut short spoils no other. */
const textOf = (lines: readonly string[]): string => lines.map((line) => `\n${line}`).join("");

function readPlain(file: string): Buffer {
  const opened = openPlain(file, constants.O_RDONLY);
  try {
    return readFileSync(opened);
  } finally {
    closeSync(opened);
  }
}

/**
 * Resolves once the text outlives a loss of power, with whether `file` still is the file that has it. Another thread waits for the
 * disk; the rest takes less time here than a call of that thread.
 */
async function putDown(file: string, flags: number, text: string): Promise<boolean> {
  const opened = openToWrite(file, constants.O_WRONLY | constants.O_CREAT | flags);
  try {
    appendFileSync(opened, text);
    await synced(opened);
    return fstatSync(opened).ino === statSync(file).ino;
  } finally {
    closeSync(opened);
  }
}

const synced = promisify(fdatasync);

function openToWrite(file: string, flags: number): number {
  try {
    return openPlain(file, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    return openPlain(file, flags);
  }
}

/** Opens a plain file and nothing else: a pipe would never be read to its end, and a link may lead to anybody's file. */
function openPlain(file: string, flags: number): number {
  // Windows has no such flags, and no such pipes among files.
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
  const opened = openSync(file, flags | O_NOFOLLOW | O_NONBLOCK, 0o600);
  if (fstatSync(opened).isFile()) return opened;
  closeSync(opened);
  throw Object.assign(new Error("it is not a plain file"), { code: undefined });
}

const consequence = "what it was creating must be adopted by hand";
