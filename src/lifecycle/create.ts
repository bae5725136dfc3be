import type { Client } from "../api/client.ts";
import { mayHaveActed, ScalekitError } from "../errors.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import { type Handover, mayMeanTaken } from "./handover.ts";
import type { Intent } from "./intents.ts";
import { contentOf, type Journal, nameOf } from "./journal.ts";

export interface CreatorOptions {
  readonly client: Client;
  readonly journal: Journal;
  readonly handover: Handover;
  /** Tells the user what would otherwise pass unseen, a line at a time. */
  readonly say: (line: string) => void;
}

export interface Made {
  readonly organization: Organization;
  /** Set when an earlier run of the same resource has made it, from arguments that may have been others. */
  readonly earlier?: true;
}

/**
 * Makes an organization, and never two of it.
 *
 * A create whose answer is lost may have been done. With an external ID, which is unique in an environment, it may be
 * asked for again, and the organization that is found then is taken if it is provably the one that was asked for: the
 * same in every field, and made while the request was under way. Without one it is asked for once, and what cannot be
 * proved is left to the user.
 */
export function creator(options: CreatorOptions) {
  const { client, journal, handover, say } = options;

  /** @param owner the resource's URN; without it nothing can be told from an earlier run's */
  return async function create(args: OrganizationArgs, owner: string | undefined): Promise<Made> {
    for (const intent of owner === undefined ? [] : await journal.claim(owner)) {
      const fruit = await fruitOf(intent, args);
      if (fruit === undefined) {
        await journal.drop(intent);
        continue;
      }
      say(`Took over ${fruit.id}, which this resource made at ${fruit.createTime} in a run that did not save it.`);
      await journal.made(intent, fruit.id);
      return { organization: fruit, earlier: true };
    }
    const existing = args.adopt && args.externalId !== undefined && (await client.getByExternalId(args.externalId));
    if (existing) return { organization: adopted(existing) };
    const intent = journal.begin(args, owner ?? "");
    const organization = await (args.externalId === undefined
      ? createOnce(args, intent)
      : createNamed(args, args.externalId, intent));
    return { organization };
  };

  async function createNamed(args: OrganizationArgs, externalId: string, intent: Intent): Promise<Organization> {
    let unsure = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(args, intent);
      } catch (error) {
        unsure ||= mayHaveActed(error);
        if (!unsure && !mayMeanTaken(error)) return await nothingMade(intent, error);
        const holder = await client.getByExternalId(externalId).catch(() => "unknown" as const);
        if (holder === "unknown") throw lookAgain(error);
        if (holder !== undefined && unsure && isFruit(holder, intent)) {
          await journal.made(intent, holder.id);
          return holder;
        }
        if (holder !== undefined && args.adopt) {
          await journal.drop(intent);
          return adopted(holder);
        }
        if (holder !== undefined && !(await handover.release(holder, externalId))) {
          if (unsure && isOfThatTime(holder, intent)) throw inDoubt(holder, error);
          return await nothingMade(intent, taken(holder, error));
        }
        // A refusal for another reason, or for a holder that has let go since: once more tells them apart.
        if (holder === undefined && !mayHaveActed(error) && attempt > 1) return await nothingMade(intent, error);
        if (attempt >= mostAttempts) throw lookAgain(error);
        await client.sleep(1000 * attempt);
      }
    }
  }

  async function createOnce(args: OrganizationArgs, intent: Intent): Promise<Organization> {
    try {
      return await post(args, intent);
    } catch (error) {
      if (!mayHaveActed(error)) return await nothingMade(intent, error);
      const found = await candidates(intent).catch(() => undefined);
      throw unresolved((error as Error).message, found, { cause: error });
    }
  }

  async function post(args: OrganizationArgs, intent: Intent): Promise<Organization> {
    const live = await client.create(args, () => journal.sending(intent, client.serverNow()));
    await journal.made(intent, live.id);
    return live;
  }

  /** The organization that an earlier run's request has made, if it has. Throws where that cannot be told. */
  async function fruitOf(intent: Intent, args: OrganizationArgs): Promise<Organization | undefined> {
    if (intent.id !== undefined) {
      const made = await client.get(intent.id);
      // One that has changed since may be somebody's by now. With its external ID, a create finds it and is refused.
      if (made === undefined || contentOf(made) === intent.content) return made;
      if (made.externalId !== undefined && made.externalId === args.externalId) return undefined;
      throw unresolved(`This resource made ${made.id} in a run that did not save it, and it has changed since.`, [
        made,
      ]);
    }
    if (intent.name !== undefined && intent.name === nameOf(args)) {
      const holder = await client.getByExternalId(args.externalId ?? "");
      return holder && isFruit(holder, intent) ? holder : undefined;
    }
    const wait = (intent.lastSent ?? 0) + underWay - client.serverNow();
    if (wait > 0) {
      say(`Waiting ${Math.ceil(wait / 1000)} s: a request of an interrupted run may still be under way.`);
      await client.sleep(wait);
    }
    const found = await candidates(intent);
    // An external ID is unique, so what has it, and all the rest as it was asked for at that time, is what was asked for.
    if (found.length === 0 || intent.name !== undefined) return found[0];
    throw unresolved(
      "An interrupted run of this stack asked for this organization and did not learn the answer.",
      found,
    );
  }

  /** The organizations that may be what `intent` has made. The list is read whole, since its order is not documented. */
  async function candidates(intent: Intent): Promise<Organization[]> {
    const found: Organization[] = [];
    for await (const organization of client.list()) {
      if (isFruit(organization, intent) && !journal.knows(organization.id)) found.push(organization);
    }
    return found;
  }

  async function nothingMade(intent: Intent, error: unknown): Promise<never> {
    await journal.drop(intent);
    throw error;
  }

  function adopted(existing: Organization): Organization {
    say(`Adopted ${existing.id}, which exists since ${existing.createTime ?? "earlier"}, by its external ID.`);
    return existing;
  }
}

const mostAttempts = 4;
/** Milliseconds that a request may be under way: the deadline of one answer, and the precision of both clocks. */
const underWay = 35_000;
const clockPrecision = 5_000;

/** Whether `found` is what `intent` asked for: the same in every field, and made while that was under way. */
const isFruit = (found: Organization, intent: Intent): boolean =>
  isOfThatTime(found, intent) && contentOf(found) === intent.content;

function isOfThatTime(found: Organization, intent: Intent): boolean {
  const born = Date.parse(found.createTime ?? "");
  const { firstSent, lastSent } = intent;
  if (Number.isNaN(born) || firstSent === undefined || lastSent === undefined) return false;
  return born >= firstSent - clockPrecision && born <= lastSent + underWay;
}

const taken = (holder: Organization, cause: unknown): ScalekitError =>
  new ScalekitError(
    `Could not create the organization: its external ID belongs to ${holder.id}, created ${holder.createTime ?? "earlier"}, ` +
      "and an external ID is unique in an environment. Nothing was created. To manage that organization with this resource, " +
      "set `adopt: true` on it and run `pulumi up`; if another resource of this stack has it, move it with the `aliases` option.",
    { cause },
  );

/** A create may have been done, and what has the external ID is not quite what was asked for. */
const inDoubt = (holder: Organization, cause: unknown): ScalekitError =>
  new ScalekitError(
    `${(cause as Error).message} ${holder.id} has its external ID now, and is not what was asked for in every field: it may be ` +
      "what this run made, changed since, or somebody else's. If it is to be this resource's, set `adopt: true` on it and run `pulumi up`.",
    { cause },
  );

const lookAgain = (cause: unknown): ScalekitError =>
  new ScalekitError(
    `${(cause as Error).message} Run \`pulumi up\` again: it looks for the organization by its external ID and takes it over if this run made it.`,
    { cause },
  );

function unresolved(what: string, found: Organization[] | undefined, options?: { cause: unknown }): ScalekitError {
  const next =
    found === undefined
      ? "Look for it in Scalekit's dashboard before the next `pulumi up`."
      : found.length === 0
        ? "No such organization is there so far. The next `pulumi up` looks again before it creates one."
        : `It may be ${found.map(({ id }) => id).join(" or ")}, and without an external ID that cannot be proved. ` +
          `If it is, run \`npx pulumi-scalekit import ${found[0]?.id}\`; if it is not, delete it or give this one an external ID.`;
  return new ScalekitError(`${what} It is not created a second time. ${next}`, options);
}
