import { type Line, type Mark, type Parked, parseLine } from "./journal-line.ts";

/** What a journal remembers besides creates: what was begun of one organization, and is to be ended by another step or run. */
export interface Marks {
  /** The organization `id` is about to be given an external ID that nobody has declared, for its own to be free. */
  displace(id: string): Promise<void>;
  /** Whether it still has that, as far as is known here. */
  isDisplaced(id: string): Promise<boolean>;
  /** It has a declared external ID again, or is gone. */
  markRestored(id: string): Promise<void>;
  /**
   * The organization `id` goes once the resource of `key` has a new one; that is `by`, once it is there. It may have been
   * refused before.
   */
  park(id: string, key: string, more?: { readonly by?: string; readonly isRefused?: boolean }): Promise<void>;
  /** Those that go once the resource of `key` has a new one. */
  parked(key: string): Promise<{ readonly id: string; readonly isRefused: boolean }[]>;
  /** Those that go since the organization `id` is there. */
  replacedBy(id: string): Promise<string[]>;
  /** It is deleted, or does not go after all. */
  unpark(id: string): Promise<void>;
  /** An external ID that a state says was left for later, by this nonce, has been given. */
  pay(nonce: string): Promise<void>;
  isPaid(nonce: string): Promise<boolean>;
  /** No state speaks of it any more. */
  forgive(nonce: string): Promise<void>;
}

/**
 * @param note writes a line, once what was written before is read
 * @param opened resolves once that is read
 */
export function newMarks(note: (line: Mark) => Promise<void>, opened: () => Promise<unknown>) {
  const displaced = new Set<string>();
  const paid = new Set<string>();
  /** The organizations that are being replaced. */
  const parked = new Map<string, Parked>();

  const verbs: Marks = {
    async displace(id) {
      await opened();
      displaced.add(id);
      await note({ displaced: id });
    },
    async isDisplaced(id) {
      await opened();
      return displaced.has(id);
    },
    async markRestored(id) {
      await opened();
      if (displaced.delete(id)) await note({ displaced: id, over: true });
    },
    async park(id, key, { by, isRefused } = {}) {
      await opened();
      const line = { parked: id, key, ...(by !== undefined && { by }), ...(isRefused && { refused: true as const }) };
      parked.set(id, line);
      await note(line);
    },
    async parked(key) {
      await opened();
      const lines = [...parked.values()].filter((line) => line.key === key);
      return lines.map(({ parked: id, refused }) => ({ id, isRefused: refused === true }));
    },
    async replacedBy(id) {
      await opened();
      return [...parked.values()].filter(({ by }) => by === id).map((line) => line.parked);
    },
    async unpark(id) {
      await opened();
      if (parked.delete(id)) await note({ parked: id, over: true });
    },
    async pay(nonce) {
      await opened();
      paid.add(nonce);
      await note({ paid: nonce });
    },
    async isPaid(nonce) {
      await opened();
      return paid.has(nonce);
    },
    async forgive(nonce) {
      await opened();
      if (paid.delete(nonce)) await note({ paid: nonce, over: true });
    },
  };

  /** Reads a line back. False if it says nothing of these. */
  function take(line: Line): line is Mark {
    if ("displaced" in line) displaced[line.over ? "delete" : "add"](line.displaced);
    else if ("paid" in line) paid[line.over ? "delete" : "add"](line.paid);
    else if (!("parked" in line)) return false;
    else if (line.over) parked.delete(line.parked);
    else if (line.key !== undefined) parked.set(line.parked, line);
    return true;
  }

  const lines = (): Mark[] => [
    ...[...displaced].map((id) => ({ displaced: id })),
    ...parked.values(),
    ...[...paid].map((nonce) => ({ paid: nonce })),
  ];

  return { verbs, take, lines };
}

/** The organizations that go once another one is there, by the lines of a journal. */
export function parkedAmong(lines: readonly string[]): string[] {
  const marks = newMarks(nowhere, nowhere);
  for (const text of lines) {
    const line = parseLine(text);
    if (line !== undefined) marks.take(line);
  }
  return marks.lines().flatMap((line) => ("parked" in line ? line.parked : []));
}

const nowhere = (): Promise<void> => Promise.resolve();
