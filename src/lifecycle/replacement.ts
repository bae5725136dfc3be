import type { Client } from "../api/client.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import { spareExternalId } from "./handover.ts";
import { hash, type Journal } from "./journal.ts";
import type { State } from "./state.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * The new organization has the external ID and the slug of the old one, and only one can have them, so the engine has the
 * old one deleted first. If the new one were refused then, there would be none. So the old one only lets go of what the new
 * one has, and is deleted once that one is there; if it is refused, the old one gets back what it had.
 */
export interface Replacements {
  /** Frees what only one can have for the one that comes. */
  park(id: string, state: State): Promise<void>;
  /** Creates what replaces the parked one, if there is one for `args`. */
  create<T>(args: OrganizationArgs, make: () => Promise<T>): Promise<T>;
  /** Deletes the one that was replaced by one with `args`, if it is still there. */
  finish(args: OrganizationArgs): Promise<void>;
}

export function replacements(
  client: Pick<Client, "get" | "update" | "remove">,
  journal: Journal,
  say: (line: string) => void,
): Replacements {
  async function park(id: string, state: State): Promise<void> {
    const live = await client.get(id);
    const key = keyOf(state);
    if (live === undefined || key === undefined) return;
    // Noted first: if the engine does not learn of this delete, the next update gives it back what it had.
    await journal.displace(id);
    await letGo(live);
    await journal.park(id, key);
  }

  async function letGo({ id, externalId, slug }: Organization): Promise<void> {
    const spare = spareExternalId(id);
    if (externalId !== undefined && externalId !== spare) await client.update(id, { externalId: spare }, "plain", []);
    if (slug !== undefined) await client.update(id, { slug: null }, "plain", []);
  }

  async function create<T>(args: OrganizationArgs, make: () => Promise<T>): Promise<T> {
    const old = await parkedFor(args);
    if (old === undefined) return make();
    const live = await client.get(old);
    // An earlier try was refused, and the old one has its own again.
    if (live !== undefined) await letGo(live);
    try {
      return await make();
    } catch (error) {
      const { externalId, slug } = args;
      const had = { ...(externalId !== undefined && { externalId }), ...(slug !== undefined && { slug }) };
      // What may have been made after all keeps it.
      const restored = await client.update(old, had, "plain", []).catch(() => undefined);
      if (restored !== undefined) say(`Organization ${old}, which was to be replaced, is as it was before.`);
      throw error;
    }
  }

  async function finish(args: OrganizationArgs): Promise<void> {
    const old = await parkedFor(args);
    if (old === undefined) return;
    await client.remove(old);
    await journal.unpark(old);
    await journal.replace(old);
  }

  async function parkedFor(args: OrganizationArgs): Promise<string | undefined> {
    const key = keyOf(args);
    return key === undefined ? undefined : journal.parked(key);
  }

  return { park, create, finish };
}

/** What tells which one is replaced by which. The journal holds no value. */
function keyOf({ externalId, slug }: { readonly externalId?: string | undefined; readonly slug?: string | undefined }) {
  if (externalId !== undefined) return hash("external ID", externalId);
  return slug === undefined ? undefined : hash("slug", slug);
}
