import type { Client } from "../api/client.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import type { Converge } from "./converge.ts";
import { spareExternalId } from "./handover.ts";
import { hash, type Journal } from "./journal.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * The new organization has the external ID and the slug of the old one, and only one can have them, so the engine has the
 * old one deleted first. If the new one were refused then, there would be none. So that delete is only noted. The old one lets
 * go of what the new one has when that is created, and is deleted once it is there; if it is refused, the old one gets back
 * what it had.
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
    const old = urn === undefined ? undefined : await journal.parked(hash(urn));
    if (old === undefined || urn === undefined) return make();
    const live = await client.get(old.id);
    // Who asks to adopt after a refusal means the old one.
    if (live === undefined || (old.isRefused && args.adopt === true)) {
      await journal.unpark(old.id);
      return make();
    }
    const had = inTheWay(live, args);
    await letGo(live, had);
    const made = await make().catch(async (error: unknown) => {
      await journal.park(old.id, hash(urn), { isRefused: true });
      await giveBack(live, had);
      throw error;
    });
    if (made.live.id === old.id) await journal.unpark(old.id);
    else await journal.park(old.id, hash(urn), { by: made.live.id });
    return made;
  }

  async function letGo({ id }: Organization, had: Had): Promise<void> {
    if (had.externalId !== undefined) {
      // Noted first: an update of this one, if there should be one after all, then gives back what it had.
      await journal.displace(id);
      await client.update(id, { externalId: spareExternalId(id) }, "plain", []);
    }
    const live = had.slug === undefined ? undefined : await client.get(id);
    if (live !== undefined) await converge({ displayName: live.displayName, slug: null }, live, () => {}, true);
  }

  async function giveBack({ id, displayName }: Organization, had: Had): Promise<void> {
    try {
      const live = await client.get(id);
      if (live === undefined) return;
      await converge({ displayName, ...had }, live, () => {}, true);
      await journal.replace(id);
      say(
        `Organization ${id} is as it was, since what was to replace it was not created. Pulumi counts ${id} as deleted: the next ` +
          "`pulumi up` that creates the new one deletes it. To keep it, set `adopt: true` on the resource.",
      );
    } catch {
      // The new one may have been created after all, and keeps what it has. The next run goes on from there.
    }
  }

  async function finish(id: string): Promise<void> {
    const old = await journal.replacedBy(id);
    if (old === undefined || old === id) return;
    await client.remove(old);
    await journal.unpark(old);
    await journal.replace(old);
  }

  return { park: (id, urn) => journal.park(id, hash(urn)), create, finish };
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
