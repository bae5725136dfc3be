import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, handedOver, subjectOf, type Values } from "../definitions/definition.ts";
import { same } from "../definitions/want.ts";
import { isApiError } from "../errors.ts";
import { type Debt, type Guarantor, newDebts } from "./debts.ts";
import { newExpectations } from "./expectations.ts";
import { holdersOf, type Kept, type Taken } from "./holders.ts";
import type { Journal } from "./journal.ts";
import { newSharedLock } from "./shared-lock.ts";
import { spareKey } from "./spare-key.ts";
import { notesIn, type State } from "./state.ts";

/**
 * Keys that change hands within one run: two organizations swap external IDs or slugs, or one takes the key that another gives up.
 *
 * A key is unique at every moment, and the engine changes resources in no given order. So the first update finds the key still
 * taken. If this run is about to give the holder another key, the holder gives up this one at once. If the engine has not reached
 * the holder yet, the update does not wait, because the engine may start the holder only after some waiting updates end.
 * The update then leaves a debt: its object gets the key as soon as the holder has its own.
 *
 * An object may have several such keys, each in a field of its own. A refusal does not say which of them is taken, so the
 * holders of all that an update changes are looked for.
 *
 * While a holder gives up its key, no other key changes: a holder that just got its new key would lose that one.
 */
export interface Handover {
  /** The fields that change hands. */
  readonly fields: readonly string[];
  /**
   * This run has reached the object `id`, which had the keys of `state`. It is about to give it the keys of `args` in the fields
   * `moving`; in the others it keeps its key.
   */
  expect(id: string, args: Values, moving: readonly string[], state?: Values): void;
  /** Whether this run has reached the object. */
  isReached(object: Live): boolean;
  /**
   * Runs `reach`, which gives the object `id` the keys of `args` or clears them. If that is refused, and the holders give up the
   * keys or no longer have them, `reach` runs again. If keys are left for later, `meanwhile` does the rest and the result has
   * debts. Otherwise throws the error that `refused` makes of the refusal.
   */
  receive(id: string, args: Values, way: Way): Promise<Received>;
  /**
   * Makes the holders of the keys of `args` in `fields` give them up. Returns the first that keeps its key, as far as this run
   * knows.
   */
  release(args: Values, fields: readonly string[]): Promise<Kept | undefined>;
}

export interface Way {
  /** The state of the object before. */
  readonly state: State;
  reach(): Promise<Live>;
  /** Does everything except the fields `left`. */
  meanwhile(left: readonly string[]): Promise<Live>;
  refused(kept: Kept, error: unknown): unknown;
  /** Fails the run for debts that are still open at its end. Without a guarantor, no debts are made. */
  readonly guarantor?: Guarantor | undefined;
}

export interface Received {
  readonly reached: Live;
  readonly owed: readonly Debt[];
}

export interface HandoverOptions {
  readonly client: Pick<Client, "sleep">;
  readonly endpoints: Pick<Endpoints, "get" | "list" | "update" | "findByKey">;
  readonly journal: Pick<Journal, "displace" | "isDisplaced" | "markRestored" | "pay">;
  readonly say?: (line: string) => void;
}

export function handoverOf(
  definition: Definition,
  { client, endpoints, journal, say = () => {} }: HandoverOptions,
): Handover {
  const { name } = definition;
  const fields = handedOver(definition);
  const { expect, keeps, isReached, reaching, answerOf } = newExpectations(fields, client);
  const holders = holdersOf(definition, endpoints);
  const debts = newDebts();
  const changes = newSharedLock();

  const declaredIn = (args: Values): string[] => fields.filter((field) => typeof args[field] === "string");

  /** Each holder gives up all its keys among `taken` at once. */
  async function free(taken: readonly Kept[]): Promise<void> {
    for (const [id, those] of Map.groupBy(taken, ({ holder }) => holder.id)) {
      // Recorded first. If the run ends here, the next one gives the holder its declared keys, whatever the state says.
      await journal.displace(id, name);
      // A key is replaced, not cleared, because clearing each key is not documented. The holder's own update follows.
      const spares = those.map(({ field }) => [field, { set: spareKey(definition, field, id) }]);
      await endpoints.update({ id }, Object.fromEntries(spares));
    }
  }

  /** The keys that the update of `id` wants and others have. Those that the state has count only if no other explains it. */
  async function takenFrom(id: string, args: Values, state: State): Promise<Taken> {
    const { unsure, owed } = notesIn(state);
    const isUncertain = unsure === true || owed !== undefined || (await journal.isDisplaced(id, name));
    const asked = declaredIn(args);
    const changed = asked.filter((field) => isUncertain || !same(args[field], state[field]));
    const others = asked.filter((field) => !changed.includes(field));
    const taken = await holders.taken(changed, args, id);
    return taken.kept.length > 0 || taken.isOutdated ? taken : holders.taken(others, args, id);
  }

  /** Runs exclusively. */
  async function tryWithHolders(id: string, args: Values, way: Way, error: unknown): Promise<Received | Unknown> {
    const { kept, isOutdated } = await takenFrom(id, args, way.state).catch(() => {
      throw error;
    });
    const reach = async () => ({ reached: await way.reach(), owed: [] });
    if (isOutdated) {
      // Most likely the key is free now, so the list is read only after another refusal.
      return reach().catch((again: unknown) => {
        if (mayMeanTaken(again)) return tryWithHolders(id, args, way, again);
        throw again;
      });
    }
    const staying = kept.find((one) => answerOf(one) === "kept");
    if (staying !== undefined) throw way.refused(staying, error);
    const unknown = kept.filter((one) => answerOf(one) === "unknown");
    if (unknown.length > 0) return { unknown, others: kept.filter((one) => !unknown.includes(one)) };
    await free(kept);
    return reach();
  }

  /** Leaves the keys of unknown holders for later, if the program has more to come. Runs exclusively. */
  async function leaveForLater(
    id: string,
    args: Values,
    way: Way,
    { unknown, others }: Unknown,
  ): Promise<Received | undefined> {
    const subject = subjectOf(definition, id);
    const left = unknown.map(({ holder, field }) => ({
      id,
      subject,
      field,
      key: String(args[field]),
      holder: holder.id,
    }));
    const owed = await debts.owe(left, way.guarantor);
    if (owed === undefined) return undefined;
    try {
      await free(others);
      return { owed, reached: await way.meanwhile(owed.map(({ field }) => field)) };
    } catch (failure) {
      debts.cancel(owed);
      throw failure;
    }
  }

  async function take(id: string, args: Values, way: Way): Promise<Received> {
    try {
      return { reached: await changes.shared(way.reach), owed: [] };
    } catch (error) {
      if (!mayMeanTaken(error)) throw error;
      const first = await changes.exclusive(async () => {
        const outcome = await tryWithHolders(id, args, way, error);
        return isUnknown(outcome) ? ((await leaveForLater(id, args, way, outcome)) ?? outcome) : outcome;
      });
      if (!isUnknown(first)) return first;
      for (const { holder } of first.unknown) await reaching(holder);
      const second = await changes.exclusive(() => tryWithHolders(id, args, way, error));
      if (isUnknown(second)) throw way.refused(second.unknown[0] as Kept, error);
      return second;
    }
  }

  /** Gives the objects that waited for a key of `id` theirs, and then those that waited for them. Runs exclusively. */
  async function pay(id: string, field: string): Promise<void> {
    for (const debt of debts.heldBy(id, field)) {
      const answer = await endpoints.update({ id: debt.id }, { [field]: { set: debt.key } }).catch(tell);
      // The guarantor reports a debt that stays open.
      if (answer?.[field] !== debt.key) continue;
      holders.note(debt.id, answer);
      keeps(debt.id, field);
      if (debts.isLast(debt)) {
        await journal.markRestored(debt.id, name);
        await journal.pay(debt.nonce);
      }
      await debts.settle(debt);
      await pay(debt.id, field);
    }
  }

  const tell = (error: Error): undefined => void say(error.message);

  return {
    fields,
    isReached,
    expect(id, args, moving, state = {}) {
      holders.note(id, state);
      expect(id, args, moving);
    },
    async receive(id, args, way) {
      const declared = declaredIn(args);
      let received: Received | undefined;
      try {
        received =
          declared.length === 0 ? { reached: await changes.shared(way.reach), owed: [] } : await take(id, args, way);
      } finally {
        // It has its key, or will not get it in this run, so nobody may expect it to change. The exception is an object that
        // only loses its key: clearing is not documented, so it may still get a spare key.
        const left = received?.owed.map(({ field }) => field) ?? fields.filter((field) => !declared.includes(field));
        for (const field of fields) if (!left.includes(field)) keeps(id, field);
      }
      holders.note(id, received.reached);
      const owed = received.owed.map(({ field }) => field);
      for (const field of fields.filter((one) => !owed.includes(one) && debts.heldBy(id, one).length > 0)) {
        await changes.exclusive(() => pay(id, field));
      }
      return received;
    },
    async release(args, asked) {
      for (const field of declaredIn(args).filter((one) => asked.includes(one))) {
        const ask = () =>
          changes.exclusive(async () => {
            const [taken] = (await holders.taken([field], args)).kept;
            if (taken !== undefined && answerOf(taken) === "moves") await free([taken]);
            return taken && { ...taken, answer: answerOf(taken) };
          });
        let kept = await ask();
        if (kept?.answer === "unknown") {
          await reaching(kept.holder);
          if (isReached(kept.holder)) kept = await ask();
        }
        if (kept !== undefined && kept.answer !== "moves") return kept;
      }
      return undefined;
    },
  };
}

/** The status of a duplicate is not documented. */
export const mayMeanTaken = (error: unknown): boolean => isApiError(error) && [400, 409].includes(error.status);

/** The engine has not reached the holders of the keys `unknown`. Those of `others` are about to give theirs up. */
interface Unknown {
  readonly unknown: readonly Kept[];
  readonly others: readonly Kept[];
}

const isUnknown = (outcome: object): outcome is Unknown => "unknown" in outcome;
