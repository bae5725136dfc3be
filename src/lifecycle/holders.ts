import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { type Definition, handedOver, keyFieldsOf, type Values } from "../definitions/definition.ts";

/**
 * Which object has a key now. The API finds an object by its first key. Another key shows only in the list, which may be long. So
 * this remembers what the states and answers of this run say, and reads the list only for a key that they do not name: no further
 * than to the holder, and once in a run. It reads a remembered holder again before that counts.
 */
export interface Holders {
  /** Which keys of `args` in the fields `asked` objects other than `id` have. */
  taken(asked: readonly string[], args: Values, id?: string): Promise<Taken>;
  /** `values` are those of the object `id`, as far as this run knows. */
  note(id: string, values: Values): void;
}

/** A key that another object has, in the field `field`. */
export interface Kept {
  readonly holder: Live;
  readonly field: string;
}

export interface Taken {
  readonly kept: readonly Kept[];
  /** Whether the remembered holders have lost a key. It may be free now, or the list shows its holder. */
  readonly isOutdated: boolean;
}

export function holdersOf(definition: Definition, endpoints: Pick<Endpoints, "findByKey" | "get" | "list">): Holders {
  const [first] = keyFieldsOf(definition) ?? [];
  /** The ids of those that may have each key, the likeliest first, for each field that only the list shows. */
  const known = new Map(
    handedOver(definition)
      .filter((field) => field !== first)
      .map((field) => [field, new Map<string, readonly string[]>()]),
  );
  let rest: AsyncGenerator<Live> | undefined;

  function note(id: string, values: Values, isListed = false): void {
    for (const [field, holders] of known) {
      const key = values[field];
      if (typeof key !== "string") continue;
      const others = (holders.get(key) ?? []).filter((other) => other !== id);
      // What was listed may be older than what this run knows.
      holders.set(key, isListed ? [...others, id] : [id, ...others]);
    }
  }

  async function next(): Promise<Live | undefined> {
    rest ??= endpoints.list();
    try {
      const { value, done } = await rest.next();
      return done ? undefined : value;
    } catch (error) {
      // A list that has failed looks like one that is over.
      rest = undefined;
      throw error;
    }
  }

  async function find(field: string, key: string): Promise<Live | "outdated" | undefined> {
    const holders = known.get(field);
    if (holders === undefined) return endpoints.findByKey({ [field]: key });
    const remembered = holders.get(key) ?? [];
    for (const id of remembered) {
      const live = await endpoints.get(id);
      if (live?.[field] === key) return live;
    }
    holders.delete(key);
    if (remembered.length > 0) return "outdated";
    for (let one = await next(); one !== undefined; one = await next()) {
      note(one.id, one, true);
      // Its page may be older than the refusal.
      const live = one[field] === key ? await endpoints.get(one.id) : undefined;
      if (live?.[field] === key) return live;
    }
    return undefined;
  }

  async function taken(asked: readonly string[], args: Values, id?: string): Promise<Taken> {
    const kept: Kept[] = [];
    let isOutdated = false;
    for (const field of asked) {
      const key = String(args[field]);
      // Objects that swap one key may swap another too.
      const seen = kept.find(({ holder }) => holder[field] === key)?.holder;
      const holder = seen ?? (await find(field, key));
      if (holder === "outdated") isOutdated = true;
      else if (holder !== undefined && holder.id !== id) kept.push({ holder, field });
    }
    return { kept, isOutdated };
  }

  return { note, taken };
}
