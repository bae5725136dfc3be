import { hash as digest, randomUUID } from "node:crypto";
import { dynamicUrnOf } from "../definitions/tokens.ts";
import { ScalekitError } from "../errors.ts";
import { type Intent, newIntents, type Wish } from "./intents.ts";
import type { JournalStorage } from "./journal-file.ts";
import { type Line, parseLine } from "./journal-line.ts";
import { type Marks, newMarks } from "./journal-marks.ts";

/**
 * The creates of this stack, recorded from before a request leaves until the engine is known to have saved the outcome. The API
 * has no idempotency keys, so the journal is how a later run recognizes the objects of an interrupted run.
 *
 * A line holds hashes, times and ids. It holds no external ID, name or metadata, since those may be secrets.
 */
export interface Journal extends Marks {
  /**
   * The open requests of earlier runs, whatever their arguments. Each is returned once.
   *
   * @param urn the resource that asks: an object of one resource is never given to another
   */
  takePending(urn: string): Promise<Intent[]>;
  /** Whether a request of an earlier run for this resource is still open. */
  isPending(urn: string): Promise<boolean>;
  /** A request that is about to be sent. It is recorded for good when `sending` returns. */
  begin(wish: Wish, urn: string): Intent;
  /** Called each time before the request leaves, with the time by Scalekit's clock. */
  sending(intent: Intent, now: number): Promise<void>;
  /** The request has created the object `id`. */
  made(intent: Intent, id: string): Promise<void>;
  /** The request has created nothing. */
  drop(intent: Intent): Promise<void>;
  /** The engine knows the object `id` of that class (`kind`), so the journal can forget it. */
  settle(id: string, kind: string): Promise<void>;
  /** The same for many at once, in one line. */
  settleAll(ids: readonly string[], kind: string): Promise<void>;
  /** The next error reports it to the engine, which then saves it. No program learns of that. */
  markReported(id: string, kind: string): Promise<void>;
  /** A refresh did not find it, so the engine forgets it. The answer may have been stale, so a create looks for it again. */
  reopen(id: string, kind: string): Promise<void>;
  /** Milliseconds since 1970, by Scalekit's clock, when this stack last sent its create, if the journal has it. */
  madeAt(id: string, kind: string): Promise<number | undefined>;
  /** Throws if new lines would not outlive the process. */
  requireStorage(): Promise<void>;
  /** Whether a request of this stack is known to have created the object `id`. */
  knows(id: string): boolean;
}

/** Intents older than this are ignored. */
const shelfLife = 30 * 24 * 3600 * 1000;
/** How long a settled intent is remembered, in case a refresh is stale. */
const settledLife = 3600 * 1000;

export interface JournalOptions {
  /** Whether nothing is sent that could not be recorded, since nothing else will remember it. */
  readonly strict?: boolean;
  /** Whether the engine is still running. */
  readonly isHeard?: () => Promise<boolean>;
  /** The lines of all journals that have changed since it was last asked, for a process that does not learn which is its own: a destroy of the dynamic provider. */
  readonly readAll?: () => Promise<readonly string[]>;
}

/**
 * @param environmentUrl the environment that organizations are created in
 * @param storage asked for until it is known; lines before that are kept in memory only
 */
export function openJournal(
  environmentUrl: string,
  storage: () => JournalStorage | undefined,
  { strict = false, isHeard = async () => true, readAll = async () => [] }: JournalOptions = {},
): Journal {
  const intents = newIntents();
  const own = new Set<string>();
  const made = new Set<string>();
  const settled = newIntents();
  const lost: { readonly id: string; readonly kind: string }[] = [];
  const marks = newMarks(
    async (line) => note(await opening(), line),
    () => opening(),
    async () => (await opening())?.readNew() ?? readAll(),
  );
  let opened: Promise<JournalStorage> | undefined;
  let tidied: Promise<void> | undefined;
  let proved: Promise<void> | undefined;
  let read = 0;

  /** Reads the storage as soon as it is known. */
  async function opening(): Promise<JournalStorage | undefined> {
    const found = opened === undefined ? storage() : undefined;
    if (found !== undefined) opened = load(found).then(() => found);
    return opened;
  }

  async function load(from: JournalStorage): Promise<void> {
    for (const line of await from.read()) {
      read++;
      const entry = parseLine(line);
      if (entry !== undefined) take(entry);
    }
    for (const { id, kind } of lost) for (const { nonce } of madeOf(settled, id, kind)) open(nonce);
  }

  function take(entry: Line): void {
    if (marks.take(entry)) return;
    if ("saved" in entry) {
      for (const id of entry.saved) for (const { nonce } of madeOf(intents, id, entry.kind)) close(nonce);
    } else if ("over" in entry) close(entry.nonce);
    else if ("lost" in entry) open(entry.nonce);
    else {
      if (entry.id !== undefined) made.add(entry.id);
      if ((entry.lastSent ?? 0) > Date.now() - shelfLife) intents.put(entry);
    }
  }

  /** Settles it, and remembers it for a while. False if it was not open. */
  function close(nonce: string): boolean {
    const intent = intents.get(nonce);
    if (intent?.id !== undefined && (intent.lastSent ?? 0) > Date.now() - settledLife) settled.put(intent);
    return intents.remove(nonce);
  }

  /** Makes a settled intent open again. */
  function open(nonce: string): void {
    const { reported: _, ...intent } = settled.get(nonce) ?? {};
    if (settled.remove(nonce)) intents.put(intent as Intent);
  }

  /** Rewrites the journal without settled lines, before the run's first create. The run has the stack for itself. */
  async function tidy(): Promise<void> {
    const kept = await opening();
    if (read < 3 * intents.size() + 200) return;
    const lines: Line[] = [...intents.all(), ...marks.lines()];
    await kept?.rewrite(lines.map((line) => JSON.stringify(line)));
  }

  const subjectOf = (urn: string): string => hash(environmentUrl, dynamicUrnOf(urn));

  async function save(intent: Intent): Promise<void> {
    const kept = await opening();
    intents.put(intent);
    await kept?.append(JSON.stringify(intent));
  }

  async function requireStorage(): Promise<void> {
    const kept = await opening();
    if (kept !== undefined) proved ??= kept.append("");
    await proved;
    const problem = kept === undefined ? "A journal needs the name of a stack" : kept.problem();
    if (problem === undefined) return;
    throw new ScalekitError(
      `${problem}: while PULUMI_SKIP_CHECKPOINTS is set, nothing is created unless the journal records it first. Set ` +
        "SCALEKIT_JOURNAL to a folder that can be written, or unset PULUMI_SKIP_CHECKPOINTS.",
    );
  }

  async function forget(nonce: string): Promise<void> {
    const kept = await opening();
    if (close(nonce)) await note(kept, { nonce, over: true });
  }

  const note = (kept: JournalStorage | undefined, line: Line) => kept?.append(JSON.stringify(line));

  return {
    async takePending(urn) {
      const subject = subjectOf(urn);
      tidied ??= tidy();
      await tidied;
      const earlier = intents.of(subject).filter(({ nonce }) => !own.has(nonce));
      for (const { nonce } of earlier) own.add(nonce);
      return earlier;
    },
    async isPending(urn) {
      await opening();
      return intents.of(subjectOf(urn)).some(({ nonce }) => !own.has(nonce));
    },
    begin(wish, urn) {
      const intent: Intent = { nonce: randomUUID(), subject: subjectOf(urn), ...wish };
      own.add(intent.nonce);
      return intent;
    },
    async sending(intent, now) {
      intent.firstSent ??= now;
      intent.lastSent = now;
      await save(intent);
      if (strict) await requireStorage();
    },
    async made(intent, id) {
      intent.id = id;
      made.add(id);
      await save(intent);
    },
    requireStorage,
    knows: (id) => made.has(id),
    drop: ({ nonce }) => forget(nonce),
    ...marks.verbs,
    async settle(id, kind) {
      await opening();
      for (const { nonce } of madeOf(intents, id, kind)) if (!own.has(nonce)) await forget(nonce);
    },
    async settleAll(ids, kind) {
      const kept = await opening();
      const open = ids.filter((id) => madeOf(intents, id, kind).some(({ nonce }) => !own.has(nonce)));
      if (open.length === 0) return;
      for (const id of open) for (const { nonce } of madeOf(intents, id, kind)) if (!own.has(nonce)) close(nonce);
      await note(kept, { saved: open, kind });
    },
    async markReported(id, kind) {
      // With checkpoints skipped, nothing is saved before the end of the run.
      if (strict || !(await isHeard())) return;
      for (const intent of madeOf(intents, id, kind)) await save(Object.assign(intent, { reported: true as const }));
    },
    async reopen(id, kind) {
      const kept = await opening();
      // A refresh does not say which stack it is for. A later update does.
      if (kept === undefined) lost.push({ id, kind });
      for (const { nonce } of madeOf(settled, id, kind)) {
        open(nonce);
        await note(kept, { nonce, lost: true });
      }
    },
    async madeAt(id, kind) {
      await opening();
      const times = [intents, settled].flatMap((some) => madeOf(some, id, kind).map(({ lastSent = 0 }) => lastSent));
      return times.length === 0 ? undefined : times.reduce((last, time) => Math.max(last, time));
    },
  };
}

/** The form in which the journal holds values, which may be secrets. */
export const hash = (...parts: string[]): string => digest("sha256", parts.join("\0"), "base64url");

const madeOf = (intents: ReturnType<typeof newIntents>, id: string, kind: string): Intent[] =>
  intents.thatMade(id).filter((intent) => intent.kind === kind);
