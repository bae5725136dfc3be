import type { Client } from "../api/client.ts";
import { isApiError } from "../errors.ts";
import type { Organization } from "../schema.ts";
import { type Debt, type Guarantor, newDebts } from "./debts.ts";
import type { Journal } from "./journal.ts";

/**
 * External IDs that change hands within one run: two organizations swap theirs, or one gets what another gives up.
 *
 * An external ID is unique at every moment, and the engine changes organizations one by one in no given order. So whoever
 * comes first finds the external ID still taken. If this run is about to give its holder another one, the holder lets go
 * of it. If the engine has not come to the holder yet, nobody waits for it: the engine would not come to it before some
 * of those who wait are done. The one who wants the external ID is owed it, and gets it as soon as the holder has its own.
 *
 * While one is made to let go, no other external ID changes: a holder that had just got its new one would lose that.
 */
export interface Handover {
  /** This run has come to the organization `id`: `externalId` is what it is about to give it, unless it `moves` not. */
  expect(id: string, externalId: unknown, moves: boolean): void;
  /**
   * Runs `reach`, which is to give the organization `id` an external ID or to clear it, and once more if that was refused and
   * the holder, if there still was one, has let go of it. Where it is left for later, `meanwhile` does the rest, and what
   * comes back is a debt. Otherwise throws what `refused` makes of the refusal.
   */
  receive<T>(id: string, externalId: string | undefined, way: Way<T>): Promise<Received<T>>;
  /** Has `holder` let go of `externalId`. False if it is to keep it, as far as this run knows. */
  release(holder: Organization, externalId: string): Promise<boolean>;
}

export interface Way<T> {
  reach(): Promise<T>;
  /** Does all but the external ID. */
  meanwhile(): Promise<T>;
  refused(holder: Organization, error: unknown): unknown;
  /** Who fails the run for debts that are still there at its end. Without it there are none. */
  readonly guarantor?: Guarantor | undefined;
}

export interface Received<T> {
  readonly reached: T;
  readonly owed?: Debt;
}

export function handovers(
  client: Pick<Client, "update" | "sleep" | "getByExternalId">,
  journal: Pick<Journal, "displace" | "replace" | "pay">,
  say: (line: string) => void = () => {},
): Handover {
  /** What those that the engine has come to are to have, or `keeping`. */
  const expected = new Map<string, unknown>();
  const debts = newDebts();
  const changes = oneOrMany();

  async function letGo(holder: Organization, externalId: string): Promise<"free" | "kept" | "unknown"> {
    if (!expected.has(holder.id)) return "unknown";
    const next = expected.get(holder.id);
    if (next === keeping || next === externalId) return "kept";
    // Noted first, for a run that ends here: the next one then gives the holder what it is to have, whatever the state says.
    await journal.displace(holder.id);
    // Not cleared but replaced: how to clear an external ID is not documented, and setting one is. Its own update follows.
    await client.update(holder.id, { externalId: spareExternalId(holder.id) }, "plain", []);
    return "free";
  }

  /** Waits for the engine to come to `holder`, which it may just have been about to. No one else has to wait meanwhile. */
  async function look(holder: Organization): Promise<void> {
    for (let waited = 0; !expected.has(holder.id) && waited < patience; waited += interval) {
      await client.sleep(interval);
    }
  }

  /** To be run alone. */
  async function contend<T>(
    id: string,
    externalId: string,
    way: Way<T>,
    error: unknown,
  ): Promise<Received<T> | Unknown> {
    const holder = await client.getByExternalId(externalId).catch(() => {
      throw error;
    });
    if (holder === undefined || holder.id === id) return { reached: await way.reach() };
    const answer = await letGo(holder, externalId);
    if (answer === "kept") throw way.refused(holder, error);
    return answer === "free" ? { reached: await way.reach() } : { unknown: holder };
  }

  async function take<T>(id: string, externalId: string, way: Way<T>): Promise<Received<T>> {
    try {
      return { reached: await changes.beside(way.reach) };
    } catch (error) {
      if (!mayMeanTaken(error)) throw error;
      const first = await changes.alone(async () => {
        const outcome = await contend(id, externalId, way, error);
        if (!isUnknown(outcome)) return outcome;
        const owed = await debts.owe({ id, externalId, holder: outcome.unknown.id }, way.guarantor);
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
      const second = await changes.alone(() => contend(id, externalId, way, error));
      if (isUnknown(second)) throw way.refused(second.unknown, error);
      return second;
    }
  }

  /** Gives those their external IDs that `id` was in the way of, and so on. To be run alone. */
  async function pay(id: string): Promise<void> {
    for (const debt of debts.heldBy(id)) {
      const answer = await client.update(debt.id, { externalId: debt.externalId }, "plain", []).catch(tell);
      // What is not paid, the guarantor finds.
      if (answer?.externalId !== debt.externalId) continue;
      expected.set(debt.id, keeping);
      await journal.replace(debt.id);
      await journal.pay(debt.nonce);
      await debts.settle(debt);
      await pay(debt.id);
    }
  }

  const tell = (error: Error): undefined => void say(error.message);

  return {
    expect(id, externalId, moves) {
      expected.set(id, moves ? externalId : keeping);
    },
    async receive<T>(id: string, externalId: string | undefined, way: Way<T>) {
      let received: Received<T> | undefined;
      try {
        received =
          externalId === undefined ? { reached: await changes.beside(way.reach) } : await take(id, externalId, way);
      } finally {
        // It has what it was to have, or will not get it in this run. Either way nobody may count on it any more, unless it
        // was only to lose it: how that is asked for is not documented, and it may still be given another one.
        const isOver = received === undefined ? externalId !== undefined : received.owed === undefined;
        if (isOver) expected.set(id, keeping);
      }
      if (received.owed === undefined && debts.heldBy(id).length > 0) await changes.alone(() => pay(id));
      return received;
    },
    async release(holder, externalId) {
      const ask = () =>
        changes.alone(async () => {
          const now = await client.getByExternalId(externalId);
          return now?.id !== holder.id ? "free" : letGo(holder, externalId);
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

/** What an organization has between two external IDs. It is as good as none, and how to have none is not documented. */
export const spareExternalId = (id: string): string => `moving:${id}`;

/** The status of a duplicate is not documented. */
export const mayMeanTaken = (error: unknown): boolean => isApiError(error) && [400, 409].includes(error.status);

const keeping = Symbol("keeps what it has");

/** The holder is none that the engine has come to. */
interface Unknown {
  readonly unknown: Organization;
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
