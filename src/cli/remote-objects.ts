import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { undefinedIfNotFound } from "../api/not-found.ts";
import { type Definition, isOwned, isSet, isSetting } from "../definitions/definition.ts";
import { byAge, type TellOfReading } from "../provider/selection.ts";

/** Something that exists at Scalekit. */
export interface RemoteObject {
  readonly definition: Definition;
  readonly live: Live;
}

/** The identity of an object among all others. */
export const keyOf = (definition: Definition, id: string): string => `${definition.name} ${id}`;

/** All there is of a definition, in the environment or in one organization. Each list is read once. */
export type Lists = ReturnType<typeof newLists>;

export function newLists(client: Pick<Client, "of">) {
  const known = new Map<string, Promise<readonly Live[]>>();

  async function read(definition: Definition, owner: string | undefined): Promise<readonly Live[]> {
    const endpoints = client.of(definition);
    if (isSetting(definition.api)) return [(await endpoints.get(owner ?? "")) ?? []].flat();
    const found: Live[] = [];
    for await (const live of endpoints.list(owner)) found.push(live);
    return found;
  }

  return (definition: Definition, owner: string | undefined): Promise<readonly Live[]> => {
    const key = keyOf(definition, owner ?? "");
    // None where the organization itself is gone.
    const coming = known.get(key) ?? undefinedIfNotFound(read(definition, owner)).then((found = []) => found);
    known.set(key, coming);
    return coming;
  };
}

export interface Reading {
  /** Whether what every environment has is wanted too. */
  readonly predefined: boolean;
  /** Called with the number of lists read so far, and of those that there are. */
  readonly tell: TellOfReading;
}

/** All there is of some kinds, in the environment and in `organizations`: in one list each, since no list has those of several. */
export async function remoteObjectsOf(
  lists: Lists,
  wanted: readonly Definition[],
  organizations: readonly Live[],
  { predefined, tell }: Reading,
): Promise<RemoteObject[]> {
  let count = 0;
  const places = wanted.flatMap((definition) =>
    (isOwned(definition) ? organizations : [undefined]).map((owner) => ({ definition, owner: owner?.id })),
  );
  const found = await inTurns(places, async ({ definition, owner }) => {
    const here = await lists(definition, owner);
    tell(++count, places.length);
    return here
      .filter((live) => isSet(definition, live) && (predefined || definition.predefined?.(live) !== true))
      .sort(byAge)
      .map((live) => ({ definition, live }));
  });
  return found.flat();
}

/** Some at a time, so that many are no burst of requests. */
export async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[][] = [];
  for (let at = 0; at < items.length; at += 8) done.push(await Promise.all(items.slice(at, at + 8).map(act)));
  return done.flat();
}
