import { appendFileSync, closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { newIntents } from "./intents.ts";
import { parseLine } from "./journal-line.ts";

/** Ids of created objects, by their class. */
export type Ids = ReadonlyMap<string, Iterable<string>>;

/** The journal of a provider's process, followed by another process that learns what the state has. */
export interface JournalTail {
  /** Notes that the engine has saved `ids`. Writes only those that are open in the journal, so a run without changes writes nothing. */
  noteSaved(ids: Ids): void;
}

/**
 * Each call reads only the lines since the last one. It is synchronous, because the engine may end the program at any moment.
 *
 * @param file where the journal is, if there is one
 */
export function journalTail(file: string): JournalTail {
  let from = beginning();

  function catchUp(): void {
    const handle = openSync(file, constants.O_RDONLY | plain);
    try {
      const found = fstatSync(handle);
      if (!found.isFile()) return;
      // The provider puts a tidied journal in the place of the old one.
      if (found.ino !== from.inode || found.size < from.read) from = { ...beginning(), inode: found.ino };
      const bytes = Buffer.alloc(found.size - from.read);
      const count = readSync(handle, bytes, 0, bytes.length, from.read);
      from.read += count;
      take(from.decoder.write(bytes.subarray(0, count)));
    } finally {
      closeSync(handle);
    }
  }

  function take(text: string): void {
    // A line begins with a line break, so only its content shows whether the last one is complete.
    const lines = `${from.rest}${text}`.split("\n");
    const last = lines.at(-1) ?? "";
    from.rest = parseLine(last) === undefined ? last : "";
    for (const line of lines) takeLine(line);
  }

  function takeLine(text: string): void {
    const line = parseLine(text);
    if (line === undefined) return;
    // Noted before, and so no longer open.
    if ("saved" in line) {
      for (const id of line.saved) for (const { nonce } of openOf(id, line.kind)) from.open.remove(nonce);
    } else if ("over" in line && "nonce" in line) from.open.remove(line.nonce);
    else if ("subject" in line && line.id !== undefined) from.open.put(line);
  }

  const openOf = (id: string, kind: string) => from.open.thatMade(id).filter((one) => one.kind === kind);

  return {
    noteSaved(ids) {
      try {
        catchUp();
        const lines = [...ids].flatMap(([kind, those]) => {
          const saved = [...new Set(those)].filter((id) => openOf(id, kind).length > 0);
          return saved.length === 0 ? [] : [{ saved, kind }];
        });
        if (lines.length > 0) appendFileSync(file, lines.map((line) => `\n${JSON.stringify(line)}`).join(""));
      } catch {
        // Without a writable journal, the next run learns from the state what was saved.
      }
    },
  };
}

const beginning = () => ({
  inode: undefined as number | undefined,
  read: 0,
  rest: "",
  decoder: new StringDecoder("utf8"),
  open: newIntents(),
});

/** A pipe would never be read to its end, and a link may lead to anybody's file. Windows has no such flags. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;
const plain = O_NOFOLLOW | O_NONBLOCK;
