import { type Held, type Line, type Mark, type Parked, parseLine } from "./journal-line.ts";

/** What a journal remembers besides creates: changes that one step began and another step or run has to finish. */
export interface Marks {
  /** The object `id` is about to get a spare key, so that its own becomes free. */
  displace(id: string, kind: string): Promise<void>;
  /** Whether it still has the spare key, as far as the journal knows. */
  isDisplaced(id: string, kind: string): Promise<boolean>;
  /** It has a declared key again, or is deleted. */
  markRestored(id: string, kind: string): Promise<void>;
  /**
   * The organization `id` goes once `resource`, a hash of a URN, has a new one; that is `by`, once it is there. It may have been
   * refused before.
   */
  park(
    id: string,
    kind: string,
    resource: string,
    more?: { readonly by?: string; readonly isRefused?: boolean },
  ): Promise<void>;
  /** The objects that are deleted once `resource` has a new one. */
  parked(resource: string): Promise<{ readonly id: string; readonly isRefused: boolean }[]>;
  /** The objects that the existing object `id` replaces. */
  replacedBy(id: string, kind: string): Promise<string[]>;
  /** It is deleted, or stays after all. */
  unpark(id: string, kind: string): Promise<void>;
  /** The key that a state left for later under this nonce has been given. */
  pay(nonce: string): Promise<void>;
  isPaid(nonce: string): Promise<boolean>;
  /** No state names this nonce any more. */
  forgive(nonce: string): Promise<void>;
  /** The resource with this claim has the object `id`, whatever another one's state says; or it is deleted. */
  hold(id: string, kind: string, claim: string | undefined): Promise<void>;
  /**
   * The claim of the resource that has taken the object over, if one has.
   *
   * @param isNew whether another process of this run may have noted it since this one has read the journal
   */
  holderOf(id: string, kind: string, isNew?: boolean): Promise<string | undefined>;
}

/** How long a resource may stay in the state after another one has taken its object over. */
const holdLife = 30 * 24 * 3600 * 1000;

/**
 * @param note writes a line, after earlier lines are read
 * @param opened resolves once the earlier lines are read
 * @param readAgain gives all lines that there are by now, those of other processes too
 */
export function newMarks(
  note: (line: Mark) => Promise<void>,
  opened: () => Promise<unknown>,
  readAgain: () => Promise<readonly string[]>,
) {
  const displaced = new Map<string, Extract<Mark, { displaced: string }>>();
  const paid = new Set<string>();
  /** The objects that are being replaced. */
  const parked = new Map<string, Parked>();
  const held = new Map<string, Held>();

  const verbs: Marks = {
    async displace(id, kind) {
      await opened();
      const line = { displaced: id, kind };
      displaced.set(keyOf(kind, id), line);
      await note(line);
    },
    async isDisplaced(id, kind) {
      await opened();
      return displaced.has(keyOf(kind, id));
    },
    async markRestored(id, kind) {
      await opened();
      if (displaced.delete(keyOf(kind, id))) await note({ displaced: id, kind, over: true });
    },
    async park(id, kind, resource, { by, isRefused } = {}) {
      await opened();
      const more = { ...(by !== undefined && { by }), ...(isRefused && { refused: true as const }) };
      const line = { parked: id, kind, resource, ...more };
      parked.set(keyOf(kind, id), line);
      await note(line);
    },
    async parked(resource) {
      await opened();
      const lines = [...parked.values()].filter((line) => line.resource === resource);
      return lines.map(({ parked: id, refused }) => ({ id, isRefused: refused === true }));
    },
    async replacedBy(id, kind) {
      await opened();
      return [...parked.values()].filter((line) => line.by === id && line.kind === kind).map((line) => line.parked);
    },
    async unpark(id, kind) {
      await opened();
      if (parked.delete(keyOf(kind, id))) await note({ parked: id, kind, over: true });
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
    async hold(id, kind, claim) {
      await opened();
      if (claim === undefined && !held.has(keyOf(kind, id))) return;
      const line: Held =
        claim === undefined ? { held: id, kind, over: true } : { held: id, kind, claim, at: Date.now() };
      take(line);
      await note(line);
    },
    async holderOf(id, kind, isNew = false) {
      await opened();
      const lines = isNew ? (await readAgain()).filter((text) => text.includes('"held"')) : [];
      for (const line of lines.map(parseLine)) if (line !== undefined) take(line);
      return held.get(keyOf(kind, id))?.claim;
    },
  };

  /** Reads a line. False if it is not a mark. */
  function take(line: Line): line is Mark {
    if ("displaced" in line) put(displaced, keyOf(line.kind, line.displaced), line);
    else if ("paid" in line) paid[line.over ? "delete" : "add"](line.paid);
    else if ("parked" in line) put(parked, keyOf(line.kind, line.parked), line);
    else if ("held" in line) {
      const isOver = line.over === true || (line.at ?? 0) < Date.now() - holdLife;
      put(held, keyOf(line.kind, line.held), isOver ? { ...line, over: true } : line);
    } else return false;
    return true;
  }

  const lines = (): Mark[] => [
    ...displaced.values(),
    ...parked.values(),
    ...held.values(),
    ...[...paid].map((nonce) => ({ paid: nonce })),
  ];

  return { verbs, take, lines };
}

function put<T extends Mark>(marks: Map<string, T>, key: string, line: T): void {
  if (line.over) marks.delete(key);
  else marks.set(key, line);
}

const keyOf = (kind: string, id: string): string => `${kind} ${id}`;

/** The ids of parked objects in the lines of a journal. */
export function parkedAmong(lines: readonly string[]): string[] {
  const marks = newMarks(nowhere, nowhere, async () => []);
  for (const text of lines) {
    const line = parseLine(text);
    if (line !== undefined) marks.take(line);
  }
  return marks.lines().flatMap((line) => ("parked" in line ? line.parked : []));
}

const nowhere = (): Promise<void> => Promise.resolve();
