import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, keysOf, subjectOf, type Values } from "../definitions/definition.ts";
import { isApiError } from "../errors.ts";
import { type Debt, type Guarantor, newDebts } from "./debts.ts";
import type { Journal } from "./journal.ts";

/**
 * Keys that change hands within one run: two organizations swap external IDs, or one takes the external ID that another gives up.
 *
 * A key is unique at every moment, and the engine changes resources in no given order. So the first update finds the key still
 * taken. If this run is about to give the holder another key, the holder gives up this one at once. If the engine has not reached
 * the holder yet, the update does not wait, because the engine may start the holder only after some waiting updates end.
 * The update then leaves a debt: its object gets the key as soon as the holder has its own.
 *
 * While a holder gives up its key, no other key changes: a holder that just got its new key would lose that one.
 */
export interface Handover {
  /** The field that changes hands, if a definition has one. */
  readonly field: string | undefined;
  /** This run has reached the object `id`. If it `moves`, the run is about to give it the key of `args`; otherwise it keeps its key. */
  expect(id: string, args: Values, moves: boolean): void;
  /**
   * Runs `reach`, which gives the object `id` the key of `args` or clears it. If that is refused, and the holder gives up the
   * key or no longer has it, `reach` runs again. If the key is left for later, `meanwhile` does the rest and the result has a
   * debt. Otherwise throws the error that `refused` makes of the refusal.
   */
  receive<T>(id: string, args: Values, way: Way<T>): Promise<Received<T>>;
  /** Makes `holder` give up the key of `args`. False if it keeps the key, as far as this run knows. */
  release(holder: Live, args: Values): Promise<boolean>;
}

export interface Way<T> {
  reach(): Promise<T>;
  /** Does everything except the key. */
  meanwhile(): Promise<T>;
  refused(holder: Live, error: unknown): unknown;
  /** Fails the run for debts that are still open at its end. Without a guarantor, no debts are made. */
  readonly guarantor?: Guarantor | undefined;
}

export interface Received<T> {
  readonly reached: T;
  readonly owed?: Debt;
}

export interface HandoverOptions {
  readonly client: Pick<Client, "sleep">;
  readonly endpoints: Pick<Endpoints, "update" | "findByKey">;
  readonly journal: Pick<Journal, "displace" | "markRestored" | "pay">;
  readonly say?: (line: string) => void;
}

export function handoverOf(definition: Definition, options: HandoverOptions): Handover {
  const field = keysOf(definition).find(({ handover }) => handover)?.fields[0];
  return field === undefined ? noHandover : handoverOfField(field, definition, options);
}

const noHandover: Handover = {
  field: undefined,
  expect: () => {},
  receive: async (_id, _args, way) => ({ reached: await way.reach() }),
  release: async () => false,
};

function handoverOfField(
  field: string,
  definition: Definition,
  { client, endpoints, journal, say = () => {} }: HandoverOptions,
): Handover {
  /** The key that each reached object will have, or `keepsKey`. */
  const expected = new Map<string, unknown>();
  const debts = newDebts();
  const changes = newSharedLock();

  const findHolder = (key: string): Promise<Live | undefined> => endpoints.findByKey({ [field]: key });

  async function releaseKey(holder: Live, key: string): Promise<"free" | "kept" | "unknown"> {
    if (!expected.has(holder.id)) return "unknown";
    const next = expected.get(holder.id);
    if (next === keepsKey || next === key) return "kept";
    // Recorded first. If the run ends here, the next one gives the holder its declared key, whatever the state says.
    await journal.displace(holder.id, definition.name);
    // The key is replaced, not cleared, because clearing an external ID is not documented. The holder's own update follows.
    await endpoints.update(holder, { [field]: { set: spareKey(holder.id) } });
    return "free";
  }

  /** Waits a moment for the engine to reach `holder`. Nobody else waits meanwhile. */
  async function waitUntilReached(holder: Live): Promise<void> {
    for (let waited = 0; !expected.has(holder.id) && waited < patience; waited += interval) {
      await client.sleep(interval);
    }
  }

  /** Runs exclusively. */
  async function tryWithHolder<T>(
    id: string,
    key: string,
    way: Way<T>,
    error: unknown,
  ): Promise<Received<T> | Unknown> {
    const holder = await findHolder(key).catch(() => {
      throw error;
    });
    if (holder === undefined || holder.id === id) return { reached: await way.reach() };
    const answer = await releaseKey(holder, key);
    if (answer === "kept") throw way.refused(holder, error);
    return answer === "free" ? { reached: await way.reach() } : { unknown: holder };
  }

  async function take<T>(id: string, key: string, way: Way<T>): Promise<Received<T>> {
    try {
      return { reached: await changes.shared(way.reach) };
    } catch (error) {
      if (!mayMeanTaken(error)) throw error;
      const first = await changes.exclusive(async () => {
        const outcome = await tryWithHolder(id, key, way, error);
        if (!isUnknown(outcome)) return outcome;
        const owed = await debts.owe(
          { id, subject: subjectOf(definition, id), key, holder: outcome.unknown.id },
          way.guarantor,
        );
        if (owed === undefined) return outcome;
        try {
          return { owed, reached: await way.meanwhile() };
        } catch (failure) {
          debts.cancel(owed);
          throw failure;
        }
      });
      if (!isUnknown(first)) return first;
      await waitUntilReached(first.unknown);
      const second = await changes.exclusive(() => tryWithHolder(id, key, way, error));
      if (isUnknown(second)) throw way.refused(second.unknown, error);
      return second;
    }
  }

  /** Gives the objects that waited for `id` their keys, and then those that waited for them. Runs exclusively. */
  async function pay(id: string): Promise<void> {
    for (const debt of debts.heldBy(id)) {
      const answer = await endpoints.update({ id: debt.id }, { [field]: { set: debt.key } }).catch(tell);
      // The guarantor reports a debt that stays open.
      if (answer?.[field] !== debt.key) continue;
      expected.set(debt.id, keepsKey);
      await journal.markRestored(debt.id, definition.name);
      await journal.pay(debt.nonce);
      await debts.settle(debt);
      await pay(debt.id);
    }
  }

  const tell = (error: Error): undefined => void say(error.message);

  return {
    field,
    expect(id, args, moves) {
      expected.set(id, moves ? args[field] : keepsKey);
    },
    async receive<T>(id: string, args: Values, way: Way<T>) {
      const key = args[field] as string | undefined;
      let received: Received<T> | undefined;
      try {
        received = key === undefined ? { reached: await changes.shared(way.reach) } : await take(id, key, way);
      } finally {
        // It has its key, or will not get it in this run, so nobody may expect it to change. The exception is an object that
        // only loses its key: clearing is not documented, so it may still get a spare key.
        const isOver = received === undefined ? key !== undefined : received.owed === undefined;
        if (isOver) expected.set(id, keepsKey);
      }
      if (received.owed === undefined && debts.heldBy(id).length > 0) await changes.exclusive(() => pay(id));
      return received;
    },
    async release(holder, args) {
      const key = String(args[field]);
      const ask = () =>
        changes.exclusive(async () => {
          const now = await findHolder(key);
          return now?.id !== holder.id ? "free" : releaseKey(holder, key);
        });
      let outcome = await ask();
      if (outcome === "unknown") {
        await waitUntilReached(holder);
        if (expected.has(holder.id)) outcome = await ask();
      }
      return outcome === "free";
    },
  };
}

/** The key of an object between two keys. It stands for no key, because clearing one is not documented. */
export const spareKey = (id: string): string => `moving:${id}`;

/** The status of a duplicate is not documented. */
export const mayMeanTaken = (error: unknown): boolean => isApiError(error) && [400, 409].includes(error.status);

const keepsKey = Symbol("keeps what it has");

/** The engine has not reached the holder. */
interface Unknown {
  readonly unknown: Live;
}

const isUnknown = (outcome: object): outcome is Unknown => "unknown" in outcome;

/** Milliseconds. */
const patience = 3000;
const interval = 100;

/** A lock: shared work may run side by side, exclusive work runs alone. */
function newSharedLock() {
  const underWay = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  async function shared<T>(work: () => Promise<T>): Promise<T> {
    await last;
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  }

  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => Promise.allSettled(underWay)).then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return { shared, exclusive };
}
