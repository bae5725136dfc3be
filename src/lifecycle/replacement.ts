import type { Client } from "../api/client.ts";
import { mayHaveActed } from "../errors.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import type { Converge } from "./converge.ts";
import { spareExternalId } from "./handover.ts";
import { hash, type Journal } from "./journal.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * The new organization has the external ID and the slug of the old one, as a rule, and only one can have them, so the engine
 * has the old one deleted first. If the new one were refused then, there would be none. So that delete is only noted. The old
 * one lets go of what the new one has when that is created, and is deleted once it is there; if it is refused, the old one
 * gets back what it had.
 */
export interface Replacements {
  /** Notes that the organization `id` goes once the resource `urn` has its new one. Nothing is sent. */
  park(id: string, urn: string): Promise<void>;
  /** Creates an organization for the resource `urn`, in place of a parked one if it has one. */
  create<T extends { readonly live: Organization }>(
    args: OrganizationArgs,
    urn: string | undefined,
    make: () => Promise<T>,
  ): Promise<T>;
  /** Deletes what the organization `id` was created in place of, if that is still there. */
  finish(id: string): Promise<void>;
}

export interface ReplacementsOptions {
  readonly client: Pick<Client, "get" | "update" | "remove">;
  readonly converge: Converge;
  readonly journal: Journal;
  readonly say: (line: string) => void;
}

export function replacements({ client, converge, journal, say }: ReplacementsOptions): Replacements {
  async function create<T extends { readonly live: Organization }>(
    args: OrganizationArgs,
    urn: string | undefined,
    make: () => Promise<T>,
  ): Promise<T> {
    const olds = urn === undefined ? [] : await predecessors(hash(urn), args);
    if (urn === undefined || olds.length === 0) return make();
    for (const { live, had } of olds) await letGo(live, had);
    const made = await make().catch(async (error: unknown) => {
      for (const { live } of olds) await journal.park(live.id, hash(urn), { isRefused: true });
      for (const old of olds) await giveBack(old, args, error);
      throw error;
    });
    for (const { live } of olds) {
      if (made.live.id === live.id) await journal.unpark(live.id);
      else await journal.park(live.id, hash(urn), { by: made.live.id });
    }
    return made;
  }

  /** Those that are still there and go once the resource of `key` has a new one. */
  async function predecessors(key: string, args: OrganizationArgs): Promise<Old[]> {
    const olds: Old[] = [];
    for (const { id, isRefused } of await journal.parked(key)) {
      const live = await client.get(id);
      // Who asks to adopt after a refusal means the old one.
      if (live === undefined || (isRefused && args.adopt === true && (await isAdoptable(live, args)))) {
        await journal.unpark(id);
      } else olds.push({ live, had: inTheWay(live, args), isDisplaced: await journal.isDisplaced(id) });
    }
    return olds;
  }

  /** Whether an adoption by `args` finds it: where a run was killed, what it let go of is given back for that. */
  async function isAdoptable({ id, externalId }: Organization, args: OrganizationArgs): Promise<boolean> {
    if (args.externalId === undefined || externalId !== spareExternalId(id)) return externalId === args.externalId;
    try {
      await client.update(id, { externalId: args.externalId }, "plain", []);
    } catch {
      // Another one has it, and so that one is meant.
      return false;
    }
    await journal.replace(id);
    return true;
  }

  async function letGo({ id }: Organization, had: Had): Promise<void> {
    // Noted first: an update of this one, if there should be one after all, then gives back what it had.
    if (!isNothing(had)) await journal.displace(id);
    if (had.externalId !== undefined) {
      await client.update(id, { externalId: spareExternalId(id) }, "plain", []);
    }
    const live = had.slug === undefined ? undefined : await client.get(id);
    if (live !== undefined) await converge({ displayName: live.displayName, slug: null }, live, () => {}, true);
  }

  async function giveBack(old: Old, { externalId, slug }: OrganizationArgs, error: unknown): Promise<void> {
    const { id, displayName } = old.live;
    const isOther = old.isDisplaced || (isNothing(old.had) && (await journal.isDisplaced(id)));
    // What it lost to another one, or in a run that was killed, is not known any more; what is declared is as good.
    const lost = isOther ? { ...(externalId && { externalId }), ...(slug && { slug }) } : {};
    const back = { ...lost, ...old.had };
    try {
      const live = await client.get(id);
      if (live === undefined) return;
      await converge({ displayName, ...back }, live, () => {}, true);
      await journal.replace(id);
    } catch {
      // The new one may have been created after all, and keeps what it has. The next run goes on from there.
      return;
    }
    // Where nothing was given back, nothing proves that the new one was not created.
    if (isNothing(back) && isInDoubt(error)) return;
    say(
      `Organization ${id} ${isOther ? "stays" : "is as it was"}, since what was to replace it was not created. Pulumi ` +
        `counts ${id} as deleted: the next \`pulumi up\` that creates the new one deletes it.${howToKeep(old, back)} If you ` +
        `take the resource out of the program instead, nothing deletes ${id}: delete it in Scalekit's dashboard, or manage ` +
        `it again with \`npx pulumi-scalekit import ${id}\`.`,
    );
  }

  async function finish(id: string): Promise<void> {
    for (const old of await journal.replacedBy(id)) {
      if (old === id) continue;
      await client.remove(old);
      await journal.unpark(old);
      await journal.replace(old);
    }
  }

  return { park: (id, urn) => journal.park(id, hash(urn)), create, finish };
}

/** What is to be replaced, and what it has that is in the way; it may have lost what it had before. */
interface Old {
  readonly live: Organization;
  readonly had: Had;
  readonly isDisplaced: boolean;
}

type Had = { readonly externalId?: string; readonly slug?: string };

/** What `live` has of that which only one can have and that `args` ask for. */
function inTheWay(live: Organization, args: OrganizationArgs): Had {
  const { externalId, slug } = live;
  return {
    ...(externalId !== undefined && externalId === args.externalId && { externalId }),
    ...(slug !== undefined && slug === args.slug && { slug }),
  };
}

const isNothing = (had: Had): boolean => Object.keys(had).length === 0;

const isInDoubt = (error: unknown): boolean => mayHaveActed(error) || mayHaveActed((error as Error).cause);

function howToKeep({ live }: Old, back: Had): string {
  const externalId = back.externalId ?? live.externalId;
  return externalId === undefined
    ? ""
    : " To keep it, set `adopt: true` on the resource, with the external ID that it has.";
}
