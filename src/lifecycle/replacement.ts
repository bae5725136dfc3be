import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import {
  type Definition,
  handedOver,
  keyFieldsOf,
  keyInWords,
  subjectOf,
  type Values,
} from "../definitions/definition.ts";
import { dynamicUrnOf } from "../definitions/tokens.ts";
import { mayHaveActed } from "../errors.ts";
import type { Converge } from "./converge.ts";
import { upper } from "./create-errors.ts";
import { hash, type Journal } from "./journal.ts";
import { spareKey } from "./spare-key.ts";
import type { Telling } from "./telling.ts";

/**
 * A replacement that a user forces: `pulumi state taint`, `replacementTrigger`, `pulumi up --replace`.
 *
 * Usually the new organization has the external ID and the slug of the old one. Both are unique, so the engine deletes the old
 * one first, and if the new one were then refused, neither would exist. So the delete is only recorded. The old object gives up
 * these keys just before the create, and is deleted once the new one exists. If the create is refused, it gets its keys
 * back. Definitions without a key that changes hands delete the old object when the engine asks.
 */
export interface Replacements {
  /** Whether a delete can wait for the create. */
  readonly canPark: boolean;
  /** Records that the object `id` is deleted once the resource `urn` has its new one. Nothing is sent. */
  park(id: string, urn: string): Promise<void>;
  /** Creates the new object of the resource `urn`, in place of its parked one if it has any. */
  create<T extends { readonly live: Live }>(args: Values, urn: string | undefined, make: () => Promise<T>): Promise<T>;
  /** Deletes the objects that `id` replaces, if they still exist. */
  finish(id: string): Promise<void>;
}

export interface ReplacementsOptions extends Telling {
  readonly endpoints: Pick<Endpoints, "get" | "update" | "remove">;
  readonly converge: Converge;
  readonly journal: Journal;
}

export function replacementsOf(
  definition: Definition,
  { endpoints, converge, journal, say, importing }: ReplacementsOptions,
): Replacements {
  const { name } = definition;
  const moving = handedOver(definition);
  const adoptedBy = keyFieldsOf(definition) ?? [];

  async function create<T extends { readonly live: Live }>(
    args: Values,
    urn: string | undefined,
    make: () => Promise<T>,
  ): Promise<T> {
    const olds = urn === undefined ? [] : await predecessors(resourceIn(urn), args);
    if (urn === undefined || olds.length === 0) return make();
    for (const { live, had } of olds) await releaseKeys(live, had);
    const made = await make().catch(async (error: unknown) => {
      for (const { live } of olds) await journal.park(live.id, name, resourceIn(urn), { isRefused: true });
      for (const old of olds) await restoreKeys(old, args, error);
      throw error;
    });
    for (const { live } of olds) {
      if (made.live.id === live.id) await journal.unpark(live.id, name);
      else await journal.park(live.id, name, resourceIn(urn), { by: made.live.id });
    }
    return made;
  }

  /** The objects that still exist and are deleted once `resource` has a new one. */
  async function predecessors(resource: string, args: Values): Promise<Old[]> {
    const olds: Old[] = [];
    for (const { id, isRefused } of await journal.parked(resource)) {
      const live = await endpoints.get(id);
      // After a refusal, `adopt: true` means the old object.
      if (live === undefined || (isRefused && args["adopt"] === true && (await isAdoptable(live, args)))) {
        await journal.unpark(id, name);
      } else olds.push({ live, had: conflictingFields(live, args), isDisplaced: await journal.isDisplaced(id, name) });
    }
    return olds;
  }

  /**
   * Whether an adoption by `args` would find it. If a killed run left it with a spare key, it gets its key back first. The
   * adoption gives it the others.
   */
  async function isAdoptable(live: Live, args: Values): Promise<boolean> {
    const isSpare = (field: string): boolean => live[field] === spareKey(definition, field, live.id);
    const lost = adoptedBy.filter((field) => args[field] !== undefined && isSpare(field));
    const isFound = adoptedBy.every((field) => lost.includes(field) || live[field] === args[field]);
    if (!isFound || lost.length === 0) return isFound;
    try {
      await endpoints.update(live, Object.fromEntries(lost.map((field) => [field, { set: args[field] }])));
    } catch {
      // Another object has the key, so `adopt` means that one.
      return false;
    }
    await journal.markRestored(live.id, name);
    return true;
  }

  /** The unique values that `live` has and `args` ask for. */
  const conflictingFields = (live: Live, args: Values): string[] =>
    moving.filter((field) => live[field] !== undefined && live[field] === args[field]);

  async function releaseKeys(live: Live, had: readonly string[]): Promise<void> {
    if (had.length === 0) return;
    // Recorded first, so that an update of this object, if one follows, gives its keys back.
    await journal.displace(live.id, name);
    const spares = had.map((field) => [field, { set: spareKey(definition, field, live.id) }]);
    await endpoints.update(live, Object.fromEntries(spares));
  }

  async function restoreKeys({ live: old, had, isDisplaced }: Old, args: Values, error: unknown): Promise<void> {
    const { id } = old;
    const isOther = isDisplaced || (had.length === 0 && (await journal.isDisplaced(id, name)));
    // Values that it lost in a killed run, or to another object, are not known any more. The declared ones take their place.
    const lost = isOther ? moving.filter((field) => args[field] !== undefined) : [];
    const back: Values = { ...pick(args, lost), ...pick(old, had) };
    try {
      const live = await endpoints.get(id);
      if (live === undefined) return;
      const wants = Object.fromEntries(Object.entries(back).map(([field, set]) => [field, { set }]));
      await converge(wants, live, () => {}, true);
      await journal.markRestored(id, name);
    } catch {
      // The new object may exist after all, and keeps its keys. The next run continues from there.
      return;
    }
    // If nothing was given back, nothing proves that the new object was not created.
    if (Object.keys(back).length === 0 && isInDoubt(error)) return;
    const hasKey = adoptedBy.every((field) => (back[field] ?? old[field]) !== undefined);
    const howToKeep = hasKey
      ? ` To keep it, set \`adopt: true\` on the resource, with the ${keyInWords(adoptedBy)} that it has.`
      : "";
    say(
      `${upper(subjectOf(definition, id))} ${isOther ? "stays" : "is unchanged"}, since its replacement was not created. Pulumi ` +
        `counts ${id} as deleted: the next \`pulumi up\` that creates the new one deletes it.${howToKeep} If you ` +
        `take the resource out of the program instead, nothing deletes ${id}: delete it in Scalekit's dashboard, or manage ` +
        `it again with \`${importing(definition, id)}\`.`,
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

  return { canPark: moving.length > 0, park: (id, urn) => journal.park(id, name, resourceIn(urn)), create, finish };
}

/** An object that is being replaced, and its fields that are in the way; a killed run may have taken its keys. */
interface Old {
  readonly live: Live;
  readonly had: readonly string[];
  readonly isDisplaced: boolean;
}

/** A resource in the journal, whichever provider serves it. */
const resourceIn = (urn: string): string => hash(dynamicUrnOf(urn));

const pick = (values: Values, fields: readonly string[]): Values =>
  Object.fromEntries(fields.map((field) => [field, values[field]]));

const isInDoubt = (error: unknown): boolean => mayHaveActed(error) || mayHaveActed((error as Error).cause);
