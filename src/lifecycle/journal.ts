import { createHash, randomUUID } from "node:crypto";
import { ScalekitError } from "../errors.ts";
import { type Intent, newIntents, type Wish } from "./intents.ts";

/**
 * What this stack has asked Scalekit to create, kept from before a request leaves until the engine is known to have saved
 * the outcome. The API has no idempotency keys, so this is how a later run tells an organization that an interrupted
 * run made from one that is somebody else's.
 *
 * A line of it holds no external ID, name or metadata, since those may be secrets: only hashes, times and ids.
 */
export interface Journal {
  /**
   * What earlier runs asked for, in whatever words, and are not known to have ended. Each is given out once.
   *
   * @param owner the resource that asks, by its URN: what one resource has made is no other's
   */
  claim(owner: string): Promise<Intent[]>;
  /** A request that is about to be made. It is noted for good when `sending` returns. */
  begin(wish: Wish, owner: string): Intent;
  /** Called each time before the request leaves, with the time by Scalekit's clock. */
  sending(intent: Intent, now: number): Promise<void>;
  /** The request has made the organization `id`. */
  made(intent: Intent, id: string): Promise<void>;
  /** The request has made nothing. */
  drop(intent: Intent): Promise<void>;
  /** The engine knows the organization `id`, or what has that id among those of a kind, so nobody has to remember it here. */
  settle(id: string, kind?: string): Promise<void>;
  /** Throws if what is noted now would not outlive the process. */
  demand(): Promise<void>;
  /** Whether the organization `id` is known to have been made by a request of this stack. */
  knows(id: string): boolean;
  /** The organization `id` is about to be given an external ID that nobody has declared, for its own to be free. */
  displace(id: string): Promise<void>;
  /** Whether it still has that, as far as is known here. */
  isDisplaced(id: string): Promise<boolean>;
  /** It has a declared external ID again, or is gone. */
  replace(id: string): Promise<void>;
  /** An external ID that a state says was left for later, by this nonce, has been given. */
  pay(nonce: string): Promise<void>;
  isPaid(nonce: string): Promise<boolean>;
  /** No state speaks of it any more. */
  forgive(nonce: string): Promise<void>;
}

type Line =
  | Intent
  | { readonly nonce: string; readonly over: true }
  | { readonly displaced: string; readonly over?: true }
  | { readonly paid: string; readonly over?: true };

/** Intents older than this are nobody's any more. */
const shelfLife = 30 * 24 * 3600 * 1000;

/** Where a journal's lines are kept. */
export interface JournalStorage {
  read(): Promise<string[]>;
  /** Resolves once the line outlives the process. */
  append(line: string): Promise<void>;
  /** Puts these lines in place of all others. */
  replace(lines: readonly string[]): Promise<void>;
  /** What keeps lines from lasting, if anything does. */
  problem(): string | undefined;
}

export interface JournalOptions {
  /** Nothing is sent that could not be noted, for nothing else will remember it. */
  readonly strict?: boolean;
}

/**
 * @param environmentUrl the environment that organizations are created in
 * @param storage asked for until it is known; what is noted before that is kept in memory only
 */
export function openJournal(
  environmentUrl: string,
  storage: () => JournalStorage | undefined,
  { strict = false }: JournalOptions = {},
): Journal {
  const intents = newIntents();
  const own = new Set<string>();
  const made = new Set<string>();
  const displaced = new Set<string>();
  const paid = new Set<string>();
  let opened: Promise<JournalStorage> | undefined;
  let tidied: Promise<void> | undefined;
  let proved: Promise<void> | undefined;
  let read = 0;

  /** Reads the storage the first time that it is known which. */
  async function opening(): Promise<JournalStorage | undefined> {
    const found = opened === undefined ? storage() : undefined;
    if (found !== undefined) opened = load(found).then(() => found);
    return opened;
  }

  async function load(from: JournalStorage): Promise<void> {
    for (const line of await from.read()) {
      read++;
      const entry = parse(line);
      if (entry === undefined) continue;
      if ("id" in entry && entry.id !== undefined) made.add(entry.id);
      if ("displaced" in entry) displaced[entry.over ? "delete" : "add"](entry.displaced);
      else if ("paid" in entry) paid[entry.over ? "delete" : "add"](entry.paid);
      else if ("over" in entry) intents.remove(entry.nonce);
      else if ((entry.lastSent ?? 0) > Date.now() - shelfLife) intents.put(entry);
    }
  }

  /** Before its first create a run, which has the stack for itself, leaves out what is over. */
  async function tidy(): Promise<void> {
    const kept = await opening();
    if (read < 3 * intents.size() + 200) return;
    const lines: Line[] = [
      ...intents.all(),
      ...[...displaced].map((id) => ({ displaced: id })),
      ...[...paid].map((nonce) => ({ paid: nonce })),
    ];
    await kept?.replace(lines.map((line) => JSON.stringify(line)));
  }

  const subjectOf = (owner: string): string => hash(environmentUrl, owner);

  async function save(intent: Intent): Promise<void> {
    const kept = await opening();
    intents.put(intent);
    await kept?.append(JSON.stringify(intent));
  }

  async function demand(): Promise<void> {
    const kept = await opening();
    if (kept !== undefined) proved ??= kept.append("");
    await proved;
    const problem = kept === undefined ? "There is no journal without the name of a stack" : kept.problem();
    if (problem === undefined) return;
    throw new ScalekitError(
      `${problem}: while PULUMI_SKIP_CHECKPOINTS is set, something is created only if that is noted first. Set ` +
        "SCALEKIT_JOURNAL to a folder that can be written, or unset PULUMI_SKIP_CHECKPOINTS.",
    );
  }

  async function forget(nonce: string): Promise<void> {
    const kept = await opening();
    if (intents.remove(nonce)) await kept?.append(JSON.stringify({ nonce, over: true }));
  }

  return {
    async claim(owner) {
      const subject = subjectOf(owner);
      tidied ??= tidy();
      await tidied;
      const earlier = intents.of(subject).filter(({ nonce }) => !own.has(nonce));
      for (const { nonce } of earlier) own.add(nonce);
      return earlier;
    },
    begin(wish, owner) {
      const intent: Intent = { nonce: randomUUID(), subject: subjectOf(owner), ...wish };
      own.add(intent.nonce);
      return intent;
    },
    async sending(intent, now) {
      intent.firstSent ??= now;
      intent.lastSent = now;
      await save(intent);
      if (strict) await demand();
    },
    async made(intent, id) {
      intent.id = id;
      made.add(id);
      await save(intent);
    },
    demand,
    knows: (id) => made.has(id),
    drop: ({ nonce }) => forget(nonce),
    async displace(id) {
      const kept = await opening();
      displaced.add(id);
      await kept?.append(JSON.stringify({ displaced: id }));
    },
    async isDisplaced(id) {
      await opening();
      return displaced.has(id);
    },
    async replace(id) {
      const kept = await opening();
      if (displaced.delete(id)) await kept?.append(JSON.stringify({ displaced: id, over: true }));
    },
    async pay(nonce) {
      const kept = await opening();
      paid.add(nonce);
      await kept?.append(JSON.stringify({ paid: nonce }));
    },
    async isPaid(nonce) {
      await opening();
      return paid.has(nonce);
    },
    async forgive(nonce) {
      const kept = await opening();
      if (paid.delete(nonce)) await kept?.append(JSON.stringify({ paid: nonce, over: true }));
    },
    async settle(id, kind) {
      await opening();
      for (const intent of intents.thatMade(id)) {
        if (intent.kind === kind && !own.has(intent.nonce)) await forget(intent.nonce);
      }
    },
  };
}

/** What stands in the journal for values, which may be secrets. */
export const hash = (...parts: string[]): string => createHash("sha256").update(parts.join("\0")).digest("base64url");

/** A line that a crash has cut short is left out: before a request it means that nothing was sent, after one that its end is not known. */
function parse(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}
