import { chmodSync, closeSync, openSync, statSync } from "node:fs";
import type { DatabaseSync as Database } from "node:sqlite";
import { DatabaseSync } from "./sqlite.ts";

/** "Scal" in the file's header: this SQLite database is an emulator's. */
const applicationId = 0x5363616c;

/**
 * Opens the SQLite database of an emulator, for this emulator alone: two on one file would overwrite each other's
 * changes. The lock is the operating system's, so that a killed emulator leaves none behind. A file that is not an
 * emulator's, or is damaged, is refused and left as it is.
 */
export function openStateFile(file: string): Database {
  let database: Database | undefined;
  try {
    // SQLite takes no name for a file of its own that it removes in the end.
    if (file === "") throw new Error("it has no name");
    const there = statSync(file, { throwIfNoEntry: false });
    // SQLite takes a file of one byte for an empty one, and would write over it.
    if (there?.size === 1) throw new Error(somethingElse);
    if (there !== undefined && !there.isFile() && !there.isDirectory()) {
      throw new Error("it is a device, a pipe or a socket; name a file");
    }
    if (isKept(file) && there === undefined) createOwn(file);
    database = new DatabaseSync(file);
    database.exec("PRAGMA busy_timeout = 500; PRAGMA locking_mode = EXCLUSIVE;");
    requireOurs(database);
    if (isKept(file)) makeOwn(file);
    // In this mode a write is in the file when the call returns, and a process that is killed takes nothing with it.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    database.exec(schema);
    return database;
  } catch (error) {
    if (database?.isOpen) database.close();
    throw new Error(`the state file ${file || '""'} cannot be used: ${reason(error as Error & { errcode?: number })}`);
  }
}

/** Whether the state is in a file by this name. SQLite has names of other kinds. */
const isKept = (file: string): boolean => !/^(:memory:$|file:)/.test(file);

/**
 * Creates the file, for its owner alone: it holds secrets of API clients. SQLite gives the files beside it, which hold
 * the same, the mode of this one.
 */
function createOwn(file: string): void {
  try {
    closeSync(openSync(file, "ax", ownerOnly));
  } catch {
    // If something is in the way, SQLite says what. Otherwise it creates the file.
  }
}

/** Does the same for a file of an earlier version, and for the files that a killed emulator left beside it. */
function makeOwn(file: string): void {
  for (const part of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    const mode = statSync(part, { throwIfNoEntry: false })?.mode ?? ownerOnly;
    try {
      if ((mode & 0o077) !== 0) chmodSync(part, ownerOnly);
    } catch {
      // Somebody else then chose the file's owner and its mode.
    }
  }
}

const ownerOnly = 0o600;

const somethingElse = "it is not an emulator's state but something else; name another file";

const schema = `
  PRAGMA application_id = ${applicationId};
  CREATE TABLE IF NOT EXISTS organizations (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    external_id TEXT UNIQUE,
    document TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS slugs ON organizations (json_extract(document, '$.slug'));
  CREATE TABLE IF NOT EXISTS things (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    organization TEXT REFERENCES organizations (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    document TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS keys ON things (kind, ifnull(organization, ''), key);
  CREATE INDEX IF NOT EXISTS owners ON things (organization);
`;

const ours = ["organizations", "slugs", "things", "keys", "owners"];

function requireOurs(database: Database): void {
  const one = (query: string) => Object.values(database.prepare(query).get() ?? {})[0];
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all();
  const strange = tables.filter(({ name }) => !ours.includes(String(name)));
  const id = one("PRAGMA application_id");
  if (strange.length > 0 || (id !== 0 && id !== applicationId)) {
    throw new Error("it is the SQLite database of something else; name another file");
  }
  const health = one("PRAGMA quick_check(1)");
  if (health !== "ok") throw new Error(`it is damaged (${health}); restore it, or remove it to begin anew`);
}

/** What SQLite's result codes mean for the user who named the file. */
function reason({ message, errcode }: Error & { errcode?: number }): string {
  switch ((errcode ?? 0) & 0xff) {
    case 5:
    case 6:
      return "another emulator has it open; end that one, or name another file";
    case 11:
      return `it is damaged (${message}); restore it, or remove it to begin anew`;
    case 26:
      return somethingElse;
    case 8:
    case 14:
      return "it cannot be opened for writing; see that its folder exists and lets you write";
    default:
      return message;
  }
}
