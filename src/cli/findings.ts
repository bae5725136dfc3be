import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { type Definition, isOwned, isReadable, isSetting } from "../definitions/definition.ts";
import { organization } from "../definitions/organization.ts";
import { readAll, type TellOfReading } from "../provider/selection.ts";
import { type Comparison, compare } from "./comparison.ts";
import type { Progress } from "./progress.ts";
import { inTurns, keyOf, newLists, type RemoteObject, remoteObjectsOf } from "./remote-objects.ts";
import { isOrganization } from "./resource-types.ts";
import type { Managed } from "./stack-state.ts";

/** An object of a stack, compared with what is at Scalekit. */
export interface Finding extends Managed, Comparison {
  /** `undefined` when it is gone. */
  readonly live: Live | undefined;
  /** Set if no public endpoint shows how it is set. */
  readonly unreadable?: true;
}

export interface Drift {
  /** How many organizations and other objects the stacks have. */
  readonly managed: number;
  readonly changed: readonly Finding[];
  readonly gone: readonly Finding[];
  readonly uncompared: readonly Finding[];
  readonly unreadable: readonly Finding[];
  /** The objects that are in the stacks more than once, each with all its places. */
  readonly shared: readonly (readonly Managed[])[];
  /** The organizations that no given stack has. `undefined` when nobody looked. */
  readonly unmanaged: readonly Live[] | undefined;
  /** The other objects that no given stack has, of the kinds that the user asked for. */
  readonly unmanagedThings: readonly RemoteObject[];
  /** Not one of the stacks' organizations is in this environment. */
  readonly elsewhere: boolean;
  /** What a program's own providers have in other environments. Nobody looked there. */
  readonly otherEnvironments: readonly { readonly environment: string; readonly managed: number }[];
}

export interface Reading {
  /** The URL of the environment that is read. */
  readonly environment: string;
  readonly managedOnly: boolean;
  /** The kinds, besides organizations, in which to look for unmanaged objects. */
  readonly kinds: readonly Definition[];
  readonly progress: Progress;
}

/** Compares what is at Scalekit with what the stacks declare. */
export async function findDrift(state: readonly Managed[], client: Client, reading: Reading): Promise<Drift> {
  const { managedOnly, kinds, progress } = reading;
  const tell: TellOfReading = (...far) => progress.tell("organizations", ...far);
  const { managed, otherEnvironments } = placed(state, reading.environment);
  const ids = new Set(managed.filter(isOrganization).map(({ id }) => id));
  const all = managedOnly ? await readSome(client, ids, tell) : await readAll(client, tell);
  const organizations = new Map(all.map((live) => [live.id, live]));
  // If none is there, this is another environment, and a request for each would not help.
  const elsewhere = !managedOnly && ids.size > 0 && !all.some(({ id }) => ids.has(id));
  const lists = newLists(client);
  let compared = 0;

  /** The objects in a list, if more than one is wanted of it, or if it is read anyway. */
  async function listed(definition: Definition, owner: string | undefined, isOne: boolean) {
    if (definition === organization) return organizations;
    if (isOne && !kinds.includes(definition)) return undefined;
    return new Map((await lists(definition, owner)).map((live) => [live.id, live]));
  }

  /** What is found of those that are in one place. */
  async function findingsIn(members: readonly Managed[]): Promise<Finding[]> {
    const [{ definition, id: first }] = members as [Managed];
    const owner = ownerIn(definition, first);
    if (!isReadable(definition)) {
      const live = organizations.get(first) ?? (await client.of(organization).get(first));
      return members.map((one) => ({ ...one, ...nothing, live, unreadable: true }));
    }
    const there = await listed(definition, owner, members.length === 1);
    return inTurns(members, async (one) => {
      const seen = findingOn(one, there?.get(one.id));
      // Reading a list takes a while, and it may leave something out. So another request confirms what looks like drift.
      const found = isSettled(seen) ? seen : findingOn(one, await client.of(definition).get(one.id));
      progress.tell("resources", ++compared, managed.length, "Compared");
      return found;
    });
  }

  const ordered = [...managed.filter(isOrganization), ...managed.filter((one) => !isOrganization(one))];
  const places = Map.groupBy(ordered, ({ definition, id }) => keyOf(definition, ownerIn(definition, id) ?? ""));
  const findings = elsewhere
    ? ordered.map((one) => findingOn(one, undefined))
    : (await inTurns([...places.values()], findingsIn)).flat();
  const objects = elsewhere
    ? []
    : await remoteObjectsOf(lists, kinds, all, {
        predefined: false,
        tell: (...far) => progress.tell("lists of other objects", ...far),
      });
  const known = new Set(managed.map(({ definition, id }) => keyOf(definition, id)));
  return {
    managed: managed.length,
    changed: findings.filter(({ differences }) => differences.length > 0),
    gone: findings.filter(({ live }) => live === undefined),
    uncompared: findings.filter(({ uncompared }) => uncompared.length > 0),
    unreadable: findings.filter(({ unreadable, live }) => unreadable && live !== undefined),
    shared: [...Map.groupBy(managed, ({ definition, id }) => keyOf(definition, id)).values()].filter(
      ({ length }) => length > 1,
    ),
    unmanaged: managedOnly ? undefined : all.filter(({ id }) => !ids.has(id)),
    unmanagedThings: objects.filter(({ definition, live }) => !known.has(keyOf(definition, live.id))),
    elsewhere,
    otherEnvironments,
  };
}

/** What is in an environment, and how much in which others. */
function placed(state: readonly Managed[], here: string): Pick<Drift, "otherEnvironments"> & { managed: Managed[] } {
  const originOf = (url: string) => URL.parse(url)?.origin ?? url;
  const places = Map.groupBy(state, ({ environment = here }) => originOf(environment));
  const managed = places.get(originOf(here)) ?? [];
  places.delete(originOf(here));
  return {
    managed,
    otherEnvironments: [...places].map(([environment, { length }]) => ({ environment, managed: length })),
  };
}

/** As many as the API gives at once. */
const pageSize = 100;

/**
 * The objects of `ids` in a list. It is read as far as that pays: until all are found, or until no more of them are missing than
 * pages were read. So a few organizations in a large environment cost few requests, and many cost a hundredth each.
 */
async function readSome(client: Client, ids: ReadonlySet<string>, tell: TellOfReading): Promise<readonly Live[]> {
  const missing = new Set(ids);
  const found: Live[] = [];
  let read = 0;
  let total: number | undefined;
  const noteTotal = (all: number) => {
    total = all;
  };
  if (missing.size <= 1) return found;
  for await (const live of client.of(organization).list(undefined, noteTotal)) {
    if (missing.delete(live.id)) found.push(live);
    tell(++read, total);
    if (missing.size === 0 || (read % pageSize === 0 && missing.size <= read / pageSize)) break;
  }
  return found;
}

const nothing = { differences: [], uncompared: [] };

const findingOn = (managed: Managed, live: Live | undefined): Finding => ({
  ...managed,
  live,
  ...(live ? compare(managed, live) : nothing),
});

/** Whether a list showed the object as it is declared, with the fields that lists may leave out. */
function isSettled({ definition: { api }, declared, live, differences }: Finding): boolean {
  const omitted = isSetting(api) ? [] : (api.mayOmit ?? []);
  const isWhole = omitted.every((name) => declared[name] === undefined || live?.[name] !== undefined);
  return live !== undefined && differences.length === 0 && isWhole;
}

/** The organization that stands in an id. */
const ownerIn = (definition: Definition, id: string): string | undefined =>
  isOwned(definition) ? id.split("/")[0] : undefined;
