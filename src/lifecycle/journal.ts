import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Organization, OrganizationArgs } from "../schema.ts";

/**
 * What this stack has asked Scalekit to create, kept from before a request leaves until the engine is known to have saved
 * the outcome. The API has no idempotency keys, so this is how a later run tells an organization that an interrupted
 * run made from one that is somebody else's.
 *
 * A line of the file holds no external ID, name or metadata, since those may be secrets: only hashes, times and ids.
 */
export interface Journal {
  /** What earlier runs asked for in the words of `args`, and are not known to have ended. Each is given out once. */
  claim(args: OrganizationArgs): Promise<Intent[]>;
  /** A request that is about to be made. It is in the file when `sending` returns. */
  begin(args: OrganizationArgs): Intent;
  /** Called each time before the request leaves, with the time by Scalekit's clock. */
  sending(intent: Intent, now: number): Promise<void>;
  /** The request has made the organization `id`. */
  made(intent: Intent, id: string): Promise<void>;
  /** The request has made nothing. */
  drop(intent: Intent): Promise<void>;
  /** The engine knows the organization `id`, so nobody has to remember it here. */
  settle(id: string): Promise<void>;
}

/** One request to create an organization. */
export interface Intent {
  readonly nonce: string;
  /** Which organization was asked for: its external ID in its environment, or without one all that it is to be. */
  readonly subject: string;
  /** All that it is to be. */
  readonly content: string;
  /** Milliseconds since 1970 when it was first and last sent, by Scalekit's clock. */
  firstSent?: number;
  lastSent?: number;
  /** Set once it is known. */
  id?: string;
}

type Line = Intent | { readonly nonce: string; readonly over: true };

/** Intents older than this are nobody's any more. */
const shelfLife = 30 * 24 * 3600 * 1000;

export interface JournalOptions {
  /** The environment that organizations are created in. */
  readonly environmentUrl: string;
  /** Where to keep it, asked for until it is known. What is kept before that is kept in memory only. */
  readonly file: () => string | undefined;
  /** Told once if the file cannot be written. Organizations are created all the same. */
  readonly say: (line: string) => void;
}

export function openJournal({ environmentUrl, file, say }: JournalOptions): Journal {
  const intents = new Map<string, Intent>();
  const own = new Set<string>();
  let tidying: Promise<void> | undefined;
  let opened: Promise<(line: Line) => Promise<void>> | undefined;

  /** Reads the file the first time that it is known which; gives what appends to it. */
  async function opening(): Promise<(line: Line) => Promise<void>> {
    if (opened === undefined) {
      const path = file();
      if (path === undefined) return async () => {};
      opened = load(path, intents).then(() => appender(path, say));
    }
    return opened;
  }

  const subjectOf = (args: OrganizationArgs): string =>
    hash(environmentUrl, args.externalId === undefined ? contentOf(args) : `external ID ${args.externalId}`);

  /** Before its first create a run, which has the stack for itself, leaves out of the file what is over. */
  async function tidy(): Promise<void> {
    const path = file();
    if (path === undefined || (await lines(path)).length < 3 * intents.size + 200) return;
    const text = [...intents.values()].map((intent) => `\n${JSON.stringify(intent)}`).join("");
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  const tidied = () => {
    tidying ??= tidy().catch(() => {});
    return tidying;
  };

  async function save(intent: Intent): Promise<void> {
    const append = await opening();
    intents.set(intent.nonce, intent);
    await append(intent);
  }

  async function forget(nonce: string): Promise<void> {
    const append = await opening();
    if (intents.delete(nonce)) await append({ nonce, over: true });
  }

  return {
    async claim(args) {
      const subject = subjectOf(args);
      await opening();
      await tidied();
      const earlier = [...intents.values()].filter((one) => one.subject === subject && !own.has(one.nonce));
      // Without an external ID, several organizations may have been asked for in the same words: one for each caller.
      const claimed = args.externalId === undefined ? earlier.slice(0, 1) : earlier;
      for (const { nonce } of claimed) own.add(nonce);
      return claimed;
    },
    begin(args) {
      const intent: Intent = { nonce: randomUUID(), subject: subjectOf(args), content: contentOf(args) };
      own.add(intent.nonce);
      return intent;
    },
    async sending(intent, now) {
      intent.firstSent ??= now;
      intent.lastSent = now;
      await save(intent);
    },
    async made(intent, id) {
      intent.id = id;
      await save(intent);
    },
    drop: ({ nonce }) => forget(nonce),
    async settle(id) {
      await opening();
      for (const intent of intents.values()) if (intent.id === id && !own.has(intent.nonce)) await forget(intent.nonce);
    },
  };
}

/** One hash for all that an organization is to be, or is, in the fields that a create sets. */
export function contentOf({ displayName, externalId, metadata = {} }: OrganizationArgs | Organization): string {
  const pairs = Object.keys(metadata)
    .sort()
    .map((key) => [key, metadata[key]]);
  return hash(JSON.stringify([displayName, externalId ?? null, pairs]));
}

const hash = (...parts: string[]): string => createHash("sha256").update(parts.join("\0")).digest("base64url");

async function load(file: string, intents: Map<string, Intent>): Promise<void> {
  for (const line of await lines(file)) {
    const entry = parse(line);
    if (entry === undefined) continue;
    if ("over" in entry) intents.delete(entry.nonce);
    else if ((entry.lastSent ?? 0) > Date.now() - shelfLife) intents.set(entry.nonce, entry);
  }
}

const lines = async (file: string): Promise<string[]> =>
  (await readFile(file, "utf8").catch(() => "")).split("\n").filter(Boolean);

/** A line that was cut short by a crash is one that nothing was sent after. */
function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}

/** Appends lines durably, those that come while the disk is busy together. */
function appender(file: string, say: (line: string) => void): (line: Line) => Promise<void> {
  let waiting: string[] = [];
  let written: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  let told = false;

  async function write(): Promise<void> {
    const text = waiting.join("");
    waiting = [];
    written = undefined;
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, "a", 0o600);
    try {
      await handle.appendFile(text);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  return (line) => {
    // Begins with a line break, so that a line that a crash cut short spoils none but itself.
    waiting.push(`\n${JSON.stringify(line)}`);
    if (written === undefined) {
      written = last.then(write).catch((error: NodeJS.ErrnoException) => {
        if (!told)
          say(`The journal ${file} cannot be written (${error.code}): if this run is interrupted, ${consequence}.`);
        told = true;
      });
      last = written;
    }
    return written;
  };
}

const consequence = "the organizations that it was creating have to be adopted by hand";
