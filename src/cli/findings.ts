import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { Definition } from "../definitions/definition.ts";
import type { Organization } from "../schema.ts";
import { readAll } from "../sdk/lookups/selection.ts";
import { type Comparison, compare } from "./comparison.ts";
import { inTurns, type Thing, thingsOf } from "./kinds.ts";
import { findResources, type ManagedResource, newLists } from "./resource-findings.ts";
import type { Managed } from "./stack-state.ts";

/** Something of a stack, beside what is at Scalekit. */
export interface Finding extends Managed, Comparison {
  /** `undefined` when it is gone. */
  readonly live: Organization | Live | undefined;
  /** There where no public endpoint tells what is set. */
  readonly unreadable?: true | undefined;
}

export interface Drift {
  /** How many organizations and other things the stacks have. */
  readonly managed: number;
  readonly changed: readonly Finding[];
  readonly gone: readonly Finding[];
  readonly uncompared: readonly Finding[];
  readonly unreadable: readonly Finding[];
  /** What is more than once in the stacks, each time with all places. */
  readonly shared: readonly (readonly Managed[])[];
  /** Those that no given stack has. `undefined` when nobody looked. */
  readonly unmanaged: readonly Organization[] | undefined;
  /** What else no given stack has, of the kinds that were asked for. */
  readonly unmanagedThings: readonly Thing[];
  /** Not one of the stacks' organizations is in this environment. */
  readonly elsewhere: boolean;
}

export interface Reading {
  readonly managedOnly: boolean;
  /** The kinds besides organizations of which unmanaged ones are looked for. */
  readonly kinds: readonly Definition[];
  /** Told how many organizations were read so far. */
  readonly tell: (count: number) => void;
}

/** What is at Scalekit beside what the stacks declare. */
export async function findDrift(managed: readonly Managed[], client: Client, reading: Reading): Promise<Drift> {
  const organizations = managed.filter(({ definition }) => definition === undefined);
  const others = managed.filter((one): one is ManagedResource => one.definition !== undefined);
  const ids = new Set(organizations.map(({ id }) => id));
  const all = reading.managedOnly ? await readSome(client, ids, reading.tell) : await readAll(client, reading.tell);
  const listed = new Map(all.map((organization) => [organization.id, organization]));
  // Where not one is there, the environment is another one, and asking for each by itself would not help.
  const elsewhere = !reading.managedOnly && ids.size > 0 && !all.some(({ id }) => ids.has(id));
  const found = await inTurns(organizations, async (one) => {
    const seen = findingOn(one, listed.get(one.id));
    // A list is read over a while, and may leave something out: what looks like drift is asked for once more.
    // The API's example of a list has no features.
    const whole = one.declared["features"] === undefined || seen.live?.features !== undefined;
    const settled = seen.live !== undefined && seen.differences.length === 0 && whole;
    return elsewhere || settled ? seen : findingOn(one, await client.get(one.id));
  });
  const lists = newLists(client);
  const organization = async (id: string) => listed.get(id) ?? (await client.get(id));
  const findings: Finding[] = [
    ...found,
    ...(elsewhere
      ? others.map((one) => ({ ...one, live: undefined, differences: [], uncompared: [] }))
      : await findResources(others, organization, lists, reading.kinds)),
  ];
  const things = elsewhere ? [] : await thingsOf(lists, reading.kinds, all, { predefined: false, tell: reading.tell });
  const known = new Set(others.map(keyOf));
  return {
    managed: managed.length,
    changed: findings.filter(({ differences }) => differences.length > 0),
    gone: findings.filter(({ live }) => live === undefined),
    uncompared: findings.filter(({ uncompared }) => uncompared.length > 0),
    unreadable: findings.filter(({ unreadable, live }) => unreadable && live !== undefined),
    shared: [...Map.groupBy(managed, keyOf).values()].filter(({ length }) => length > 1),
    unmanaged: reading.managedOnly ? undefined : all.filter(({ id }) => !ids.has(id)),
    unmanagedThings: things.filter(({ definition, live }) => !known.has(keyOf({ definition, id: live.id }))),
    elsewhere,
  };
}

const keyOf = ({ definition, id }: Pick<Managed, "definition" | "id">): string => `${definition?.name ?? ""} ${id}`;

/** As many as the API gives at once. */
const pageSize = 100;

/**
 * Those of `ids` that a list has, read as far as it pays: until all are found, or until no more of them are missing than
 * pages were read. So a few organizations in a large environment cost few requests, and many cost a hundredth each.
 */
async function readSome(
  client: Client,
  ids: ReadonlySet<string>,
  tell: Reading["tell"],
): Promise<readonly Organization[]> {
  const missing = new Set(ids);
  const found: Organization[] = [];
  let read = 0;
  if (missing.size <= 1) return found;
  for await (const organization of client.list()) {
    if (missing.delete(organization.id)) found.push(organization);
    tell(++read);
    if (missing.size === 0 || (read % pageSize === 0 && missing.size <= read / pageSize)) break;
  }
  return found;
}

const findingOn = (managed: Managed, live: Organization | undefined) => ({
  ...managed,
  live,
  ...(live ? compare(managed, live) : { differences: [], uncompared: [] }),
});
