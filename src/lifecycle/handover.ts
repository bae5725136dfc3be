import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, keysOf, subjectOf, type Values } from "../definitions/definition.ts";
import { isApiError } from "../errors.ts";
import { type Debt, type Guarantor, newDebts } from "./debts.ts";
import type { Journal } from "./journal.ts";

/**
 * Keys that change hands within one run: two organizations swap their external IDs, or one gets what another gives up.
 *
 * A key is unique at every moment, and the engine changes resources one by one in no given order. So whoever comes first
 * finds the key still taken. If this run is about to give its holder another one, the holder lets go of it. If the engine
 * has not come to the holder yet, nobody waits for it: the engine would not come to it before some of those who wait are
 * done. The one who wants the key is owed it, and gets it as soon as the holder has its own.
 *
 * While one is made to let go, no other key changes: a holder that had just got its new one would lose that.
 */
export interface Handover {
  /** The field that changes hands, if a definition has one. */
  readonly field: string | undefined;
  /** This run has come to the object `id`, and is about to give it the key of `args`, unless that `moves` not. */
  expect(id: string, args: Values, moves: boolean): void;
  /**
   * Runs `reach`, which gives the object `id` the key of `args` or clears it, and once more if that was refused and the
   * holder, if there still was one, has let go of it. Where it is left for later, `meanwhile` does the rest, and what comes
   * back is a debt. Otherwise throws what `refused` makes of the refusal.
   */
  receive<T>(id: string, args: Values, way: Way<T>): Promise<Received<T>>;
  /** Has `holder` let go of the key of `args`. False if it keeps that, as far as this run knows. */
  release(holder: Live, args: Values): Promise<boolean>;
}

export interface Way<T> {
  reach(): Promise<T>;
  /** Does all but the key. */
  meanwhile(): Promise<T>;
  refused(holder: Live, error: unknown): unknown;
  /** Who fails the run for debts that are still there at its end. Without it there are none. */
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
  /** What those that the engine has come to are to have, or `keeping`. */
  const expected = new Map<string, unknown>();
  const debts = newDebts();
  const changes = oneOrMany();

  const findHolder = (key: string): Promise<Live | undefined> => endpoints.findByKey({ [field]: key });

  async function letGo(holder: Live, key: string): Promise<"free" | "kept" | "unknown"> {
    if (!expected.has(holder.id)) return "unknown";
    const next = expected.get(holder.id);
    if (next === keeping || next === key) return "kept";
    // Noted first, for a run that ends here: the next one then gives the holder what it is to have, whatever the state says.
    await journal.displace(holder.id, definition.name);
    // Not cleared but replaced: how to clear an external ID is not documented, and setting one is. Its own update follows.
    await endpoints.update(holder, { [field]: { set: spareKey(holder.id) } });
    return "free";
  }

  /** Waits for the engine to come to `holder`, which it may just have been about to. No one else has to wait meanwhile. */
  async function look(holder: Live): Promise<void> {
    for (let waited = 0; !expected.has(holder.id) && waited < patience; waited += interval) {
      await client.sleep(interval);
    }
  }

  /** To be run alone. */
  async function contend<T>(id: string, key: string, way: Way<T>, error: unknown): Promise<Received<T> | Unknown> {
    const holder = await findHolder(key).catch(() => {
      throw error;
    });
    if (holder === undefined || holder.id === id) return { reached: await way.reach() };
    const answer = await letGo(holder, key);
    if (answer === "kept") throw way.refused(holder, error);
    return answer === "free" ? { reached: await way.reach() } : { unknown: holder };
  }

  async function take<T>(id: string, key: string, way: Way<T>): Promise<Received<T>> {
    try {
      return { reached: await changes.beside(way.reach) };
    } catch (error) {
      if (!mayMeanTaken(error)) throw error;
      const first = await changes.alone(async () => {
        const outcome = await contend(id, key, way, error);
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
      await look(first.unknown);
      const second = await changes.alone(() => contend(id, key, way, error));
      if (isUnknown(second)) throw way.refused(second.unknown, error);
      return second;
    }
  }

  /** Gives those their keys that `id` was in the way of, and so on. To be run alone. */
  async function pay(id: string): Promise<void> {
    for (const debt of debts.heldBy(id)) {
      const answer = await endpoints.update({ id: debt.id }, { [field]: { set: debt.key } }).catch(tell);
      // What is not paid, the guarantor finds.
      if (answer?.[field] !== debt.key) continue;
      expected.set(debt.id, keeping);
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
      expected.set(id, moves ? args[field] : keeping);
    },
    async receive<T>(id: string, args: Values, way: Way<T>) {
      const key = args[field] as string | undefined;
      let received: Received<T> | undefined;
      try {
        received = key === undefined ? { reached: await changes.beside(way.reach) } : await take(id, key, way);
      } finally {
        // It has what it was to have, or will not get it in this run. Either way nobody may count on it any more, unless it
        // was only to lose it: how that is asked for is not documented, and it may still be given another one.
        const isOver = received === undefined ? key !== undefined : received.owed === undefined;
        if (isOver) expected.set(id, keeping);
      }
      if (received.owed === undefined && debts.heldBy(id).length > 0) await changes.alone(() => pay(id));
      return received;
    },
    async release(holder, args) {
      const key = String(args[field]);
      const ask = () =>
        changes.alone(async () => {
          const now = await findHolder(key);
          return now?.id !== holder.id ? "free" : letGo(holder, key);
        });
      let outcome = await ask();
      if (outcome === "unknown") {
        await look(holder);
        if (expected.has(holder.id)) outcome = await ask();
      }
      return outcome === "free";
    },
  };
}

/** What one has between two keys. It is as good as none, and how to have none is not documented. */
export const spareKey = (id: string): string => `moving:${id}`;

/** The status of a duplicate is not documented. */
export const mayMeanTaken = (error: unknown): boolean => isApiError(error) && [400, 409].includes(error.status);

const keeping = Symbol("keeps what it has");

/** The holder is none that the engine has come to. */
interface Unknown {
  readonly unknown: Live;
}

const isUnknown = (outcome: object): outcome is Unknown => "unknown" in outcome;

/** Milliseconds. */
const patience = 3000;
const interval = 100;

/** Work that may go on beside its like, and work that has to be alone. */
function oneOrMany() {
  const underWay = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  async function beside<T>(work: () => Promise<T>): Promise<T> {
    await last;
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => Promise.allSettled(underWay)).then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return { beside, alone };
}
