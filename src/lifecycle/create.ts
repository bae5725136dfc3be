import type { Client } from "../api/client.ts";
import { isApiError, isTransportError, mayHaveActed } from "../errors.ts";
import { createErrors } from "./create-errors.ts";
import { mayMeanTaken } from "./handover.ts";
import type { Intent } from "./intents.ts";
import type { Journal } from "./journal.ts";
import { isAsIntended, type Kind, nameOf, wishOf } from "./kind.ts";
import { untilCurrent } from "./staleness.ts";

export interface CreatorOptions {
  readonly client: Pick<Client, "sleep" | "serverNow">;
  readonly journal: Journal;
  /** Tells the user what would otherwise pass unseen, a line at a time. */
  readonly say: (line: string) => void;
}

export interface Made<Live> {
  readonly live: Live;
  /** Set when an earlier run of the same resource has made it, from other arguments perhaps: what it noted besides. */
  readonly earlier?: readonly string[];
}

/**
 * Makes something of a kind, and never two of it.
 *
 * A create whose answer is lost may have been done. With a key, such as an external ID, which only one can have, it may be
 * asked for again, and what is found then is taken if it is provably what was asked for: the same in every field, and
 * made while the request was under way. Without one it is asked for once, and what cannot be proved is left to the user.
 */
export function creator<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>, options: CreatorOptions) {
  const { client, journal, say } = options;
  const errors = createErrors(kind);
  const current = untilCurrent(client);

  /** @param owner the resource's URN; without it nothing can be told from an earlier run's */
  return async function create(args: Args, owner: string | undefined): Promise<Made<Live>> {
    for (const intent of owner === undefined ? [] : await journal.claim(owner)) {
      const fruit = await fruitOf(intent, args);
      if (fruit === undefined) {
        await journal.drop(intent);
        continue;
      }
      if (intent.told) {
        // The state has forgotten it since, unless a kill came between. The user knows which.
        const isNamed = intent.name !== undefined;
        if (!isNamed || !kind.isAdopting(args) || intent.name !== nameOf(kind, args)) {
          throw errors.forgotten(fruit, isNamed);
        }
        await journal.drop(intent);
        continue;
      }
      // What it was asked to be is another one to the user, who may have given this one up.
      if (intent.name !== nameOf(kind, args)) throw errors.otherKey(fruit);
      const live = (await kind.retake?.(fruit, args)) ?? fruit;
      say(`Took over ${kind.called(live)}, which this resource made${at(live)} in a run that did not save it.`);
      await journal.made(intent, live.id);
      return { live, earlier: intent.also ?? [] };
    }
    // Where the API tells no times, only what was not there before can be told from somebody else's afterwards.
    const looksFirst = kind.keyOf(args) !== undefined && (kind.isAdopting(args) || !kind.tellsTime);
    const existing = looksFirst ? await kind.holderOf(args) : undefined;
    if (existing !== undefined && !isAdoptable(kind, existing, args)) throw errors.taken(existing);
    if (existing !== undefined) return { live: adopted(existing) };
    const intent = journal.begin(wishOf(kind, args), owner ?? "");
    return { live: await (kind.keyOf(args) === undefined ? createOnce(args, intent) : createNamed(args, intent)) };
  };

  async function createNamed(args: Args, intent: Intent): Promise<Live> {
    let unsure = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(args, intent);
      } catch (error) {
        unsure ||= mayHaveActed(error);
        if (!unsure && !mayMeanTaken(error)) return await nothingMade(intent, error);
        const holder = await kind.holderOf(args).catch(orUnknown);
        if (holder === "unknown" && !unsure) return await nothingMade(intent, errors.holderUnknown(error));
        if (holder === "unknown") throw errors.lookAgain(error);
        if (holder !== undefined && unsure && isFruit(holder, intent)) {
          await journal.made(intent, holder.id);
          return holder;
        }
        if (holder !== undefined && isAdoptable(kind, holder, args)) {
          await journal.drop(intent);
          return adopted(holder);
        }
        if (holder !== undefined && !(await kind.release(holder, args))) {
          if (unsure && isOfThatTime(holder, intent)) throw errors.inDoubt(holder, error);
          return await nothingMade(intent, errors.taken(holder, error));
        }
        // A refusal for another reason, or for a holder that has let go since: once more tells them apart.
        if (holder === undefined && !unsure && attempt > 1) return await nothingMade(intent, error);
        if (attempt >= mostAttempts && !unsure) return await nothingMade(intent, error);
        if (attempt >= mostAttempts) throw errors.lookAgain(error);
        await client.sleep(1000 * attempt);
      }
    }
  }

  async function createOnce(args: Args, intent: Intent): Promise<Live> {
    try {
      return await post(args, intent);
    } catch (error) {
      if (!mayHaveActed(error)) return await nothingMade(intent, error);
      const found = await candidates(intent, args).catch(() => undefined);
      throw errors.unresolved((error as Error).message, found, { cause: error });
    }
  }

  async function post(args: Args, intent: Intent): Promise<Live> {
    const live = await kind.post(args, () => journal.sending(intent, client.serverNow()));
    await journal.made(intent, live.id);
    return live;
  }

  /** What an earlier run's request has made, if it has. Throws where that cannot be told. */
  async function fruitOf(intent: Intent, args: Args): Promise<Live | undefined> {
    if (intent.id !== undefined) {
      const made = await shown(intent, () => kind.get(intent.id ?? ""));
      // One that has changed since may be somebody's by now. With its key, a create finds it and is refused.
      if (made === undefined || isAsIntended(kind, made, intent)) return made;
      if (kind.keyOf(made) !== undefined && kind.keyOf(made) === kind.keyOf(args)) return undefined;
      const what = `This resource made ${kind.called(made)} in a run that did not save it, and it has changed since.`;
      throw errors.unresolved(what, [made]);
    }
    if (intent.name !== undefined && intent.name === nameOf(kind, args)) {
      const holder = await shown(intent, () => kind.holderOf(args));
      return holder && isFruit(holder, intent) ? holder : undefined;
    }
    const wait = (intent.lastSent ?? 0) + underWay - client.serverNow();
    if (wait > 0) {
      say(`Waiting ${Math.ceil(wait / 1000)} s: a request of an interrupted run may still be under way.`);
      await client.sleep(wait);
    }
    const found = await candidates(intent, args);
    // A key is unique, so what has it, and all the rest as it was asked for at that time, is what was asked for.
    if (found.length === 0 || intent.name !== undefined) return found[0];
    const what = `An interrupted run of this stack asked for this ${kind.noun} and did not learn the answer.`;
    throw errors.unresolved(what, found);
  }

  /** What `ask` finds of what an intent has made, which may not show yet. */
  async function shown({ lastSent }: Intent, ask: () => Promise<Live | undefined>): Promise<Live | undefined> {
    return current({ first: await ask(), ask, isCurrent: (live) => live !== undefined, written: [lastSent] });
  }

  /** What may be what `intent` has made. The list is read whole, since its order is not documented. */
  async function candidates(intent: Intent, args: Args): Promise<Live[]> {
    const found: Live[] = [];
    for await (const one of kind.list(args)) {
      if (isFruit(one, intent) && !journal.knows(one.id)) found.push(one);
    }
    return found;
  }

  async function nothingMade(intent: Intent, error: unknown): Promise<never> {
    await journal.drop(intent);
    throw error;
  }

  function adopted(existing: Live): Live {
    const since = kind.tellsTime ? ` since ${kind.createdAt(existing) || "earlier"}` : "";
    say(`Adopted ${kind.called(existing)}, which exists${since}, by its ${kind.unique?.key}.`);
    return existing;
  }

  function at(live: Live): string {
    return kind.createdAt(live) ? ` at ${kind.createdAt(live)}` : "";
  }

  /** Whether `found` is what `intent` asked for: the same in every field, and made while that was under way. */
  function isFruit(found: Live, intent: Intent): boolean {
    return isOfThatTime(found, intent) && isAsIntended(kind, found, intent);
  }

  function isOfThatTime(found: Live, { firstSent, lastSent }: Intent): boolean {
    // Nobody had the key before, or nothing would have been sent.
    if (!kind.tellsTime) return kind.unique !== undefined;
    const born = Date.parse(kind.createdAt(found) ?? "");
    if (Number.isNaN(born) || firstSent === undefined || lastSent === undefined) return false;
    return born >= firstSent - clockPrecision && born <= lastSent + underWay;
  }
}

/** Throws, before anything is made, where what has the key of `args` cannot be adopted. */
export async function demandAdoptable<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>, args: Args) {
  const holder = await kind.holderOf(args);
  if (holder !== undefined && !isAdoptable(kind, holder, args)) throw createErrors(kind).taken(holder);
}

function isAdoptable<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>, holder: Live, args: Args) {
  return kind.isAdopting(args) && kind.isReserved?.(holder) !== true;
}

/** A look-up that the server did not answer. One that found what cannot be says more than the refusal that it was for. */
function orUnknown(error: unknown): "unknown" {
  if (isApiError(error) || isTransportError(error)) return "unknown";
  throw error;
}

const mostAttempts = 4;
/** Milliseconds that a request may be under way: the deadline of one answer, and the precision of both clocks. */
const underWay = 35_000;
const clockPrecision = 5_000;
