import { Option } from "commander";
import type { Live } from "../api/codec.ts";
import type { ResourceClient } from "../api/endpoints.ts";
import { type Definition, isOwned, isSet, isSetting } from "../definitions/definition.ts";
import { definitionOf, definitions } from "../definitions/index.ts";
import { organizationType } from "../definitions/tokens.ts";
import type { Organization } from "../schema.ts";

/** The kinds of things that a public endpoint reads. */
const kinds: readonly Definition[] = Object.values<Definition>(definitions).filter(
  ({ api }) => !isSetting(api) || api.readable,
);

/** What a user says for a kind, in the plural. */
const kindNames = kinds.map(({ plural }) => plural);

/** An option for kinds, or for all of them. */
export const kindsOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices([...kindNames, "all"]);

/** An option for one kind. */
export const kindOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices(kindNames);

export const kindsNamed = (names: readonly string[] = []): Definition[] =>
  kinds.filter(({ plural }) => names.includes(plural) || names.includes("all"));

/** A kind of resource that a stack can have, organizations too. */
export type StackKind = Pick<Definition, "name" | "plural">;

const organizationKind: StackKind = { name: "Organization", plural: "organizations" };
const stackKinds: readonly StackKind[] = [organizationKind, ...Object.values<Definition>(definitions)];

/** An option for kinds that a stack can have, or for all of them. */
export const stackKindsOption = (flags: string, description: string): Option =>
  new Option(flags, description).choices([...stackKinds.map(({ plural }) => plural), "all"]);

/** What of this package has a type, if anything. */
export const stackKindOf = (type: string): StackKind | undefined =>
  type === organizationType ? organizationKind : definitionOf(type);

/** How many of each kind: `2 organizations, 1 role and 3 domains`. */
export function countsInWords(sizes: ReadonlyMap<string, number>): string {
  const counts = [...sizes].map(([plural, size]) => `${size} ${inWords(plural, size)}`);
  return counts.length < 2 ? counts.join() : `${counts.slice(0, -1).join(", ")} and ${counts.at(-1)}`;
}

/** `organization roles`, or `organization role` of one. */
export const inWords = (plural: string, count: number): string =>
  (count === 1 ? plural.replace(/ies$/, "y").replace(/s$/, "") : plural).replaceAll("-", " ");

/** Something that exists at Scalekit, and whose it is. */
export interface Thing {
  readonly definition: Definition;
  readonly live: Live;
  /** The organization that it belongs to. */
  readonly owner: Organization | undefined;
}

export interface Reading {
  /** Whether what every environment has is wanted too. */
  readonly predefined: boolean;
  /** Told how many things were read so far. */
  readonly tell: (count: number) => void;
}

/** All there is of some kinds, in the environment and in `organizations`: in one list each, since no list has those of several. */
export async function thingsOf(
  client: { of(definition: Definition): Pick<ResourceClient, "get" | "list"> },
  wanted: readonly Definition[],
  organizations: readonly Organization[],
  { predefined, tell }: Reading,
): Promise<Thing[]> {
  let count = 0;
  const places = wanted.flatMap((definition) =>
    (isOwned(definition) ? organizations : [undefined]).map((owner) => ({ definition, owner })),
  );
  const found = await inTurns(places, async ({ definition, owner }) => {
    const here = await allIn(client.of(definition), definition, owner?.id);
    count += here.length;
    tell(count);
    return here
      .filter((live) => isSet(definition, live) && (predefined || definition.predefined?.(live) !== true))
      .sort(byAge)
      .map((live) => ({ definition, live, owner }));
  });
  return found.flat();
}

async function allIn(
  client: Pick<ResourceClient, "get" | "list">,
  { api }: Definition,
  owner: string | undefined,
): Promise<Live[]> {
  const all: Live[] = [];
  if (isSetting(api)) {
    const live = await client.get(owner ?? "");
    return live === undefined ? all : [live];
  }
  for await (const one of client.list(owner)) all.push(one);
  return all;
}

/** The oldest first where the API tells; else by id. */
const byAge = (a: Live, b: Live): number => (ageOf(a) < ageOf(b) ? -1 : 1);

const ageOf = ({ id, createTime }: Live): string => `${createTime ?? ""} ${id}`;

/** Some at a time, so that many are no burst of requests. */
export async function inTurns<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[][] = [];
  for (let at = 0; at < items.length; at += 8) done.push(await Promise.all(items.slice(at, at + 8).map(act)));
  return done.flat();
}
