import type { Client } from "../api/client.ts";
import { mayHaveActed, ScalekitError } from "../errors.ts";
import { mayMeanTaken } from "./handover.ts";
import type { Intent } from "./intents.ts";
import type { Journal } from "./journal.ts";
import { isAsIntended, type Kind, nameOf, wishOf } from "./kind.ts";

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
  const says = sayings(kind);

  /** @param owner the resource's URN; without it nothing can be told from an earlier run's */
  return async function create(args: Args, owner: string | undefined): Promise<Made<Live>> {
    for (const intent of owner === undefined ? [] : await journal.claim(owner)) {
      const fruit = await fruitOf(intent, args);
      if (fruit === undefined || (await kind.discard?.(fruit, args))) {
        await journal.drop(intent);
        continue;
      }
      say(`Took over ${kind.called(fruit)}, which this resource made${at(fruit)} in a run that did not save it.`);
      await journal.made(intent, fruit.id);
      return { live: fruit, earlier: intent.also ?? [] };
    }
    // Where the API tells no times, only what was not there before can be told from somebody else's afterwards.
    const looksFirst = kind.keyOf(args) !== undefined && (kind.isAdopting(args) || !kind.tellsTime);
    const existing = looksFirst ? await kind.holderOf(args) : undefined;
    if (existing !== undefined && !isAdoptable(kind, existing, args)) throw says.taken(existing);
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
        const holder = await kind.holderOf(args).catch(() => "unknown" as const);
        if (holder === "unknown") throw says.lookAgain(error);
        if (holder !== undefined && unsure && isFruit(holder, intent)) {
          await journal.made(intent, holder.id);
          return holder;
        }
        if (holder !== undefined && isAdoptable(kind, holder, args)) {
          await journal.drop(intent);
          return adopted(holder);
        }
        if (holder !== undefined && !(await kind.release(holder, args))) {
          if (unsure && isOfThatTime(holder, intent)) throw says.inDoubt(holder, error);
          return await nothingMade(intent, says.taken(holder, error));
        }
        // A refusal for another reason, or for a holder that has let go since: once more tells them apart.
        if (holder === undefined && !mayHaveActed(error) && attempt > 1) return await nothingMade(intent, error);
        if (attempt >= mostAttempts) throw says.lookAgain(error);
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
      throw says.unresolved((error as Error).message, found, { cause: error });
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
      const made = await kind.get(intent.id);
      // One that has changed since may be somebody's by now. With its key, a create finds it and is refused.
      if (made === undefined || isAsIntended(kind, made, intent)) return made;
      if (kind.keyOf(made) !== undefined && kind.keyOf(made) === kind.keyOf(args)) return undefined;
      const what = `This resource made ${kind.called(made)} in a run that did not save it, and it has changed since.`;
      throw says.unresolved(what, [made]);
    }
    if (intent.name !== undefined && intent.name === nameOf(kind, args)) {
      const holder = await kind.holderOf(args);
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
    throw says.unresolved(what, found);
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
  if (holder !== undefined && !isAdoptable(kind, holder, args)) throw sayings(kind).taken(holder);
}

function isAdoptable<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>, holder: Live, args: Args) {
  return kind.isAdopting(args) && kind.isReserved?.(holder) !== true;
}

const mostAttempts = 4;
/** Milliseconds that a request may be under way: the deadline of one answer, and the precision of both clocks. */
const underWay = 35_000;
const clockPrecision = 5_000;

/** The errors, in the words of a kind. */
function sayings<Args, Live extends { readonly id: string }>(kind: Kind<Args, Live>) {
  const { noun, unique } = kind;
  const { key = "", where = "" } = unique ?? {};
  const article = /^[aeiou]/.test(key) ? "an" : "a";

  function taken(holder: Live, cause?: unknown): ScalekitError {
    if (kind.isReserved?.(holder)) {
      return new ScalekitError(
        `Could not create the ${noun}: its ${key} belongs to ${kind.called(holder)}, one of Scalekit's own, which no program ` +
          `can take over. Nothing was created. Refer to it by its ${key}, without a resource, or give this one another ${key}.`,
        { cause },
      );
    }
    const created = kind.tellsTime ? `, created ${kind.createdAt(holder) || "earlier"}` : "";
    return new ScalekitError(
      `Could not create the ${noun}: its ${key} belongs to ${kind.called(holder)}${created}, ` +
        `and ${article} ${key} is unique in ${where}. Nothing was created. To manage that ${noun} with this resource, ` +
        "set `adopt: true` on it and run `pulumi up`; if another resource of this stack has it, move it with the `aliases` option.",
      { cause },
    );
  }

  /** A create may have been done, and what has the key is not quite what was asked for. */
  const inDoubt = (holder: Live, cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} ${kind.called(holder)} has its ${key} now, and is not what was asked for in every field: it may be ` +
        "what this run made, changed since, or somebody else's. If it is to be this resource's, set `adopt: true` on it and run `pulumi up`.",
      { cause },
    );

  const lookAgain = (cause: unknown) =>
    new ScalekitError(
      `${(cause as Error).message} Run \`pulumi up\` again: it looks for the ${noun} by its ${key} and takes it over if this run made it.`,
      { cause },
    );

  function unresolved(what: string, found: readonly Live[] | undefined, options?: { cause: unknown }): ScalekitError {
    const way = kind.importing?.(found?.[0]);
    const next =
      found === undefined
        ? "Look for it in Scalekit's dashboard before the next `pulumi up`."
        : found.length === 0
          ? `No such ${noun} is there so far. The next \`pulumi up\` looks again before it creates one.`
          : `It may be ${found.map(kind.called).join(" or ")}, and ${way?.why ?? "that cannot be proved"}. ` +
            `If it is, ${way?.how ?? "delete it"}; if it is not, ${way?.otherwise ?? `delete it or give this one ${article} ${key}`}.`;
    return new ScalekitError(`${what} It is not created a second time. ${next}`, options);
  }

  return { taken, inDoubt, lookAgain, unresolved };
}
