import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, keysOf, subjectOf, type Values } from "../definitions/definition.ts";
import type { Wants } from "../definitions/want.ts";
import { mayHaveActed } from "../errors.ts";
import type { Converge } from "./converge.ts";
import { upper } from "./create-errors.ts";
import { spareKey } from "./handover.ts";
import { hash, type Journal } from "./journal.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * As a rule the new organization has the external ID and the slug of the old one, and only one can have them, so the engine
 * deletes the old one first. If the new one were refused then, there would be none. So that delete is only noted. The old one
 * lets go of what the new one has when that is created, and is deleted once it is there; if it is refused, the old one gets
 * back what it had. Definitions without a key that changes hands have their old one deleted as the engine asks.
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
  const { name } = definition;
  const keys = keysOf(definition);
  const unique = keys.flatMap(({ fields }) => fields);
  const moving = keys.filter(({ handover }) => handover).flatMap(({ fields }) => fields);

  async function create<T extends { readonly live: Live }>(
    args: Values,
    urn: string | undefined,
    make: () => Promise<T>,
  ): Promise<T> {
    const olds = urn === undefined ? [] : await predecessors(hash(urn), args);
    if (urn === undefined || olds.length === 0) return make();
    for (const { live, had } of olds) await letGo(live, had);
    const made = await make().catch(async (error: unknown) => {
      for (const { live } of olds) await journal.park(live.id, name, hash(urn), { isRefused: true });
      for (const old of olds) await giveBack(old, args, error);
      throw error;
    });
    for (const { live } of olds) {
      if (made.live.id === live.id) await journal.unpark(live.id, name);
      else await journal.park(live.id, name, hash(urn), { by: made.live.id });
    }
    return made;
  }

  /** Those that are still there and go once `resource` has a new one. */
  async function predecessors(resource: string, args: Values): Promise<Old[]> {
    const olds: Old[] = [];
    for (const { id, isRefused } of await journal.parked(resource)) {
      const live = await endpoints.get(id);
      // Who asks to adopt after a refusal means the old one.
      if (live === undefined || (isRefused && args["adopt"] === true && (await isAdoptable(live, args)))) {
        await journal.unpark(id, name);
      } else olds.push({ live, had: inTheWay(live, args), isDisplaced: await journal.isDisplaced(id, name) });
    }
    return olds;
  }

  /** Whether an adoption by `args` finds it: where a run was killed, what it let go of is given back for that. */
  async function isAdoptable(live: Live, args: Values): Promise<boolean> {
    const [field = ""] = moving;
    if (args[field] === undefined || live[field] !== spareKey(live.id)) return live[field] === args[field];
    try {
      await endpoints.update(live, { [field]: { set: args[field] } });
    } catch {
      // Another one has it, and so that one is meant.
      return false;
    }
    await journal.markRestored(live.id, name);
    return true;
  }

  /** What `live` has of that which only one can have and that `args` ask for. */
  const inTheWay = (live: Live, args: Values): string[] =>
    unique.filter((field) => live[field] !== undefined && live[field] === args[field]);

  async function letGo(live: Live, fields: readonly string[]): Promise<void> {
    // Noted first: an update of this one, if there should be one after all, then gives back what it had.
    if (fields.length > 0) await journal.displace(live.id, name);
    const moved = fields.filter((field) => moving.includes(field));
    if (moved.length > 0) await endpoints.update(live, wantsFor(moved, { set: spareKey(live.id) }));
    const cleared = fields.filter((field) => !moving.includes(field));
    const now = cleared.length === 0 ? undefined : await endpoints.get(live.id);
    if (now !== undefined) await converge(wantsFor(cleared, { unset: true }), now, () => {}, true);
  }

  async function giveBack({ live: old, had, isDisplaced }: Old, args: Values, error: unknown): Promise<void> {
    const { id } = old;
    const isOther = isDisplaced || (had.length === 0 && (await journal.isDisplaced(id, name)));
    // What it lost to another one, or in a run that was killed, is not known any more; what is declared is as good.
    const lost = isOther ? unique.filter((field) => args[field] !== undefined) : [];
    const back: Values = { ...pick(args, lost), ...pick(old, had) };
    try {
      const live = await endpoints.get(id);
      if (live === undefined) return;
      const wants = Object.fromEntries(Object.entries(back).map(([field, set]) => [field, { set }]));
      await converge(wants, live, () => {}, true);
      await journal.markRestored(id, name);
    } catch {
      // The new one may have been created after all, and keeps what it has. The next run goes on from there.
      return;
    }
    // Where nothing was given back, nothing proves that the new one was not created.
    if (Object.keys(back).length === 0 && isInDoubt(error)) return;
    const hasKey = moving.some((field) => (back[field] ?? old[field]) !== undefined);
    const howToKeep = hasKey ? " To keep it, set `adopt: true` on the resource, with the external ID that it has." : "";
    say(
      `${upper(subjectOf(definition, id))} ${isOther ? "stays" : "is unchanged"}, since its replacement was not created. Pulumi ` +
        `counts ${id} as deleted: the next \`pulumi up\` that creates the new one deletes it.${howToKeep} If you ` +
        `take the resource out of the program instead, nothing deletes ${id}: delete it in Scalekit's dashboard, or manage ` +
        `it again with \`npx pulumi-scalekit import ${id}\`.`,
    );
  }

  async function finish(id: string): Promise<void> {
    for (const old of await journal.replacedBy(id, name)) {
      if (old === id) continue;
      await endpoints.remove(old);
      await journal.unpark(old, name);
      await journal.markRestored(old, name);
    }
  }

  return { canPark: moving.length > 0, park: (id, urn) => journal.park(id, name, hash(urn)), create, finish };
}

/** What gets replaced, and the fields of it that are in the way; it may have lost what it had before. */
interface Old {
  readonly live: Live;
  readonly had: readonly string[];
  readonly isDisplaced: boolean;
}

const wantsFor = (fields: readonly string[], want: Wants[string]): Wants =>
  Object.fromEntries(fields.map((field) => [field, want]));

const pick = (values: Values, fields: readonly string[]): Values =>
  Object.fromEntries(fields.map((field) => [field, values[field]]));

const isInDoubt = (error: unknown): boolean => mayHaveActed(error) || mayHaveActed((error as Error).cause);
