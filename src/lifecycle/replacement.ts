import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, keysOf, type Values } from "../definitions/definition.ts";
import type { Wants } from "../definitions/want.ts";
import type { Converge } from "./converge.ts";
import { upper } from "./create-errors.ts";
import { spareKey } from "./handover.ts";
import { hash, type Journal } from "./journal.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * The new organization has the external ID and the slug of the old one, and only one can have them, so the engine deletes the
 * old one first. If the new one were refused then, there would be none. So that delete is only noted. The old one lets go of
 * what the new one has when that is created, and is deleted once it is there; if it is refused, the old one gets back what it
 * had. Definitions without a key that changes hands have their old one deleted as the engine asks.
 */
export interface Replacements {
  /** Whether a delete can wait for the create. */
  readonly canPark: boolean;
  /** Notes that the object `id` goes once the resource `urn` has its new one. Nothing is sent. */
  park(id: string, urn: string): Promise<void>;
  /** Creates one for the resource `urn`, in place of a parked one if it has one. */
  create<T extends { readonly live: Live }>(args: Values, urn: string | undefined, make: () => Promise<T>): Promise<T>;
  /** Deletes what the object `id` was created in place of, if that is still there. */
  finish(id: string): Promise<void>;
}

export interface ReplacementsOptions {
  readonly endpoints: Pick<Endpoints, "get" | "update" | "remove">;
  readonly converge: Converge;
  readonly journal: Journal;
  readonly say: (line: string) => void;
}

export function replacementsOf(
  definition: Definition,
  { endpoints, converge, journal, say }: ReplacementsOptions,
): Replacements {
  const { noun } = definition;
  const keys = keysOf(definition);
  const unique = keys.flatMap(({ fields }) => fields);
  const moving = keys.filter(({ handover }) => handover).flatMap(({ fields }) => fields);

  async function create<T extends { readonly live: Live }>(
    args: Values,
    urn: string | undefined,
    make: () => Promise<T>,
  ): Promise<T> {
    const old = urn === undefined ? undefined : await journal.parked(hash(urn));
    if (old === undefined || urn === undefined) return make();
    const live = await endpoints.get(old.id);
    // Who asks to adopt after a refusal means the old one.
    if (live === undefined || (old.isRefused && args["adopt"] === true)) {
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

  /** What `live` has of that which only one can have and that `args` ask for. */
  const inTheWay = (live: Live, args: Values): string[] =>
    unique.filter((field) => live[field] !== undefined && live[field] === args[field]);

  async function letGo(live: Live, fields: readonly string[]): Promise<void> {
    const moved = fields.filter((field) => moving.includes(field));
    if (moved.length > 0) {
      // Noted first: an update of this one, if there should be one after all, then gives back what it had.
      await journal.displace(live.id);
      await endpoints.update(
        live,
        wants(moved, () => ({ set: spareKey(live.id) })),
      );
    }
    const cleared = fields.filter((field) => !moving.includes(field));
    const now = cleared.length === 0 ? undefined : await endpoints.get(live.id);
    if (now !== undefined)
      await converge(
        wants(cleared, () => ({ unset: true })),
        now,
        () => {},
        true,
      );
  }

  async function giveBack(had: Live, fields: readonly string[]): Promise<void> {
    const { id } = had;
    try {
      const live = await endpoints.get(id);
      if (live === undefined) return;
      await converge(
        wants(fields, (field) => ({ set: had[field] })),
        live,
        () => {},
        true,
      );
      await journal.markRestored(id);
      say(
        `${upper(noun)} ${id} is as it was, since its replacement was not created. Pulumi counts ${id} as deleted: the next ` +
          "`pulumi up` that creates the new one deletes it. To keep it, set `adopt: true` on the resource.",
      );
    } catch {
      // The new one may have been created after all, and keeps what it has. The next run goes on from there.
    }
  }

  async function finish(id: string): Promise<void> {
    const old = await journal.replacedBy(id);
    if (old === undefined || old === id) return;
    await endpoints.remove(old);
    await journal.unpark(old);
    await journal.markRestored(old);
  }

  return { canPark: moving.length > 0, park: (id, urn) => journal.park(id, hash(urn)), create, finish };
}

const wants = (fields: readonly string[], want: (field: string) => Wants[string]): Wants =>
  Object.fromEntries(fields.map((field) => [field, want(field)]));
