import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { SharedEndpoints } from "../api/shared-reads.ts";
import {
  type CollectionApi,
  type Definition,
  isReplacing,
  keyFieldsOf,
  keyInWords,
  makerOf,
  ownerField,
  type Values,
} from "../definitions/definition.ts";
import { same } from "../definitions/want.ts";
import { isApiError, isTransportError, mayHaveActed } from "../errors.ts";
import { createErrors } from "./create-errors.ts";
import { type Handover, mayMeanTaken } from "./handover.ts";
import { identityOf, underWay } from "./identity.ts";
import type { Intent } from "./intents.ts";
import type { Journal } from "./journal.ts";
import { untilCurrent } from "./staleness.ts";
import type { Telling } from "./telling.ts";

export interface CreatorOptions extends Telling {
  readonly client: Pick<Client, "sleep" | "serverNow">;
  readonly endpoints: SharedEndpoints;
  readonly handover: Pick<Handover, "fields" | "release">;
  readonly journal: Journal;
}

export interface Created {
  readonly live: Live;
  /** Set when an earlier run of the same resource created it, perhaps from other arguments: the paths that it recorded. */
  readonly earlier?: readonly string[];
}

/**
 * Creates a remote object of a definition, and never creates it twice.
 *
 * A create whose answer is lost may have succeeded. With a unique key, such as an external ID, the request is repeated, and an
 * object with that key is taken if it provably comes from this request: it is the same in every field, and it was created while
 * the request was under way. Without a key the request is sent once, and the user decides where nothing can be proved.
 */
export function creator(definition: Definition, options: CreatorOptions) {
  const { client, endpoints, handover, journal, say, importing } = options;
  const { noun, fields } = definition;
  const { secret } = definition.api as CollectionApi;
  const maker = makerOf(definition);
  const identity = identityOf(definition);
  const { keyOf, keyHashOf, called, tellsTime, isCreatedBy, isOfThatTime } = identity;
  const errors = createErrors(definition, identity, importing);
  const own = handover.fields.filter((field) => keyFieldsOf(definition)?.includes(field));
  const others = handover.fields.filter((field) => !own.includes(field));
  const current = untilCurrent(client);
  const organizationOf = (args: Values) => args[ownerField] as string | undefined;
  const fixed = Object.keys(fields).filter((name) => isReplacing(definition, name) && !fields[name]?.providerOnly);

  /** @param urn without it, objects of an earlier run cannot be recognized */
  async function create(args: Values, urn: string | undefined): Promise<Created> {
    for (const intent of urn === undefined ? [] : await journal.takePending(urn)) {
      const created = await createdBy(intent, args);
      if (created === undefined) {
        await journal.drop(intent);
        continue;
      }
      if (intent.reported) {
        // The state no longer has it, unless the run was killed at that moment. Only the user knows which.
        const hasKey = intent.key !== undefined;
        if (!hasKey || !identity.isAdopting(args) || intent.key !== keyHashOf(args)) {
          throw errors.forgotten(created, hasKey);
        }
        await journal.drop(intent);
        continue;
      }
      // With another key the user means another object, and may have given this one up.
      if (intent.key !== keyHashOf(args)) throw errors.otherKey(created);
      const live = await retake(created, args);
      say(`Took over ${called(live)}, which this resource made${at(live)} in a run that did not save it.`);
      await journal.made(intent, live.id);
      return { live, earlier: intent.also ?? [] };
    }
    // Without a creation time, only a look before the create shows that an object found later is not somebody else's.
    const looksFirst = keyOf(args) !== undefined && (identity.isAdopting(args) || !tellsTime);
    const existing = looksFirst ? await endpoints.findByKey(args) : undefined;
    if (existing !== undefined && !canAdopt(existing, args)) throw errors.taken(existing);
    if (existing !== undefined) return { live: adopted(existing) };
    if (maker !== undefined) throw errors.notThere(maker);
    const intent = journal.begin(identity.wishOf(args), urn ?? "");
    return { live: await (keyOf(args) === undefined ? createWithoutKey(args, intent) : createWithKey(args, intent)) };
  }

  const canAdopt = (holder: Live, args: Values): boolean => identity.isAdopting(args) && !identity.isReserved(holder);

  /** Takes over an object that this stack created and did not save. Its secret was lost with that run, so it gets a new one. */
  async function retake(live: Live, args: Values): Promise<Live> {
    const other = fixed.filter((name) => !same(live[name], args[name]));
    if (other.length > 0) throw errors.unchangeable(live, other);
    return secret === undefined ? live : { ...live, ...(await endpoints.newSecret(live.id)) };
  }

  async function createWithKey(args: Values, intent: Intent): Promise<Live> {
    let unsure = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(args, intent);
      } catch (error) {
        unsure ||= mayHaveActed(error);
        if (!unsure && !mayMeanTaken(error)) return await dropAndThrow(intent, error);
        const holder = await endpoints.findByKey(args).catch(unknownIfUnanswered);
        if (holder === "unknown" && !unsure) return await dropAndThrow(intent, errors.holderUnknown(error));
        if (holder === "unknown") throw errors.lookAgain(error);
        if (holder !== undefined && unsure && isCreatedBy(holder, intent)) {
          await journal.made(intent, holder.id);
          return holder;
        }
        if (holder !== undefined && canAdopt(holder, args)) {
          await journal.drop(intent);
          return adopted(holder);
        }
        if (holder !== undefined && !(await isGivenUp(args))) {
          if (unsure && isOfThatTime(holder, intent)) throw errors.inDoubt(holder, error);
          return await dropAndThrow(intent, errors.taken(holder, error));
        }
        if (!unsure && attempt === 1) await makeRoom(args, intent, error);
        // One retry distinguishes an invalid request from a key that was freed meanwhile.
        if (holder === undefined && !unsure && attempt > 1) return await dropAndThrow(intent, error);
        if (attempt >= maxAttempts && !unsure) return await dropAndThrow(intent, error);
        if (attempt >= maxAttempts) throw errors.lookAgain(error);
        await client.sleep(1000 * attempt);
      }
    }
  }

  async function createWithoutKey(args: Values, intent: Intent): Promise<Live> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(args, intent);
      } catch (error) {
        if (mayHaveActed(error)) {
          const found = await candidates(intent, args).catch(() => undefined);
          throw errors.unresolved((error as Error).message, found, { cause: error });
        }
        const asksOthers = mayMeanTaken(error) && others.some((field) => args[field] !== undefined);
        if (attempt > 1 || !asksOthers) return await dropAndThrow(intent, error);
        await makeRoom(args, intent, error);
      }
    }
  }

  const isGivenUp = async (args: Values): Promise<boolean> =>
    own.length > 0 && (await handover.release(args, own)) === undefined;

  /** Makes others give up the further keys that `args` ask for. Throws if one of them keeps its key. */
  async function makeRoom(args: Values, intent: Intent, refusal: unknown): Promise<void> {
    const kept = await handover.release(args, others).catch(() => undefined);
    if (kept !== undefined) await dropAndThrow(intent, errors.otherTaken(kept, refusal));
  }

  async function post(args: Values, intent: Intent): Promise<Live> {
    const note = () => journal.sending(intent, client.serverNow());
    const live = await endpoints.create(organizationOf(args), args, note);
    await journal.made(intent, live.id);
    return live;
  }

  /** The object that an earlier run's request created, if it did. Throws if that cannot be decided. */
  async function createdBy(intent: Intent, args: Values): Promise<Live | undefined> {
    if (intent.id !== undefined) {
      const made = await shown(intent, () => endpoints.refresh(intent.id ?? "", "made"));
      // An object that has changed since may belong to somebody by now. If it has the key, the create is refused for that.
      if (made === undefined || identity.isAsIntended(made, intent)) return made;
      if (keyOf(made) !== undefined && keyOf(made) === keyOf(args)) return undefined;
      const what = `This resource made ${called(made)} in a run that did not save it, and it has changed since.`;
      throw errors.unresolved(what, [made]);
    }
    if (intent.key !== undefined && intent.key === keyHashOf(args)) {
      const holder = await shown(intent, () => endpoints.findByKey(args));
      return holder && isCreatedBy(holder, intent) ? holder : undefined;
    }
    const wait = (intent.lastSent ?? 0) + underWay - client.serverNow();
    if (wait > 0) {
      say(`Waiting ${Math.ceil(wait / 1000)} s: a request of an interrupted run may still be under way.`);
      await client.sleep(wait);
    }
    const found = await candidates(intent, args);
    // A key is unique, so an object that has it, equals the request and is of that time comes from the request.
    if (found.length === 0 || intent.key !== undefined) return found[0];
    const what = `An interrupted run of this stack asked for this ${noun} and did not learn the answer.`;
    throw errors.unresolved(what, found);
  }

  /** The answer of `ask` about an object that an intent created, which reads may not show yet. */
  async function shown({ lastSent }: Intent, ask: () => Promise<Live | undefined>): Promise<Live | undefined> {
    return current({ first: await ask(), ask, isCurrent: (live) => live !== undefined, written: [lastSent] });
  }

  /** The objects that `intent` may have created. The list is read to its end, since its order is not documented. */
  async function candidates(intent: Intent, args: Values): Promise<Live[]> {
    const found: Live[] = [];
    for await (const one of endpoints.list(organizationOf(args))) {
      if (isCreatedBy(one, intent) && !journal.knows(one.id)) found.push(one);
    }
    return found;
  }

  async function dropAndThrow(intent: Intent, error: unknown): Promise<never> {
    await journal.drop(intent);
    throw error;
  }

  function adopted(existing: Live): Live {
    const since = tellsTime ? ` since ${identity.createdAt(existing) || "earlier"}` : "";
    say(`Adopted ${called(existing)}, which exists${since}, by its ${keyInWords(keyFieldsOf(definition) ?? [])}.`);
    return existing;
  }

  function at(live: Live): string {
    return identity.createdAt(live) ? ` at ${identity.createdAt(live)}` : "";
  }

  return { create };
}

/** For a look-up that the server did not answer. Any other failure says more than the refusal that led to the look-up. */
function unknownIfUnanswered(error: unknown): "unknown" {
  if (isApiError(error) || isTransportError(error)) return "unknown";
  throw error;
}

const maxAttempts = 4;
