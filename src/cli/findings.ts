import type { Client } from "../api/client.ts";
import { readAll } from "../lookups/selection.ts";
import type { Organization } from "../schema.ts";
import { type Comparison, compare } from "./comparison.ts";
import { inTurns } from "./kinds.ts";
import type { Managed } from "./stack-state.ts";

/** One organization of a stack, beside what is at Scalekit. */
export interface Finding extends Managed, Comparison {
  /** `undefined` when it is gone. */
  readonly live: Organization | undefined;
}

export interface Drift {
  /** How many organizations the stacks have. */
  readonly managed: number;
  readonly changed: readonly Finding[];
  readonly gone: readonly Finding[];
  readonly uncompared: readonly Finding[];
  /** Organizations that are more than once in the stacks, each time with all places. */
  readonly shared: readonly (readonly Managed[])[];
  /** Those that no given stack has. `undefined` when nobody looked. */
  readonly unmanaged: readonly Organization[] | undefined;
  /** Not one of the stacks' organizations is in this environment. */
  readonly elsewhere: boolean;
}

export interface Reading {
  readonly managedOnly: boolean;
  /** Told how many organizations were read so far. */
  readonly tell: (count: number) => void;
}

/** What is at Scalekit beside what the stacks declare. */
export async function findDrift(managed: readonly Managed[], client: Client, reading: Reading): Promise<Drift> {
  const ids = new Set(managed.map(({ id }) => id));
  const all = reading.managedOnly ? await readSome(client, ids, reading.tell) : await readAll(client, reading.tell);
  const listed = new Map(all.map((organization) => [organization.id, organization]));
  // Where not one is there, the environment is another one, and asking for each by itself would not help.
  const elsewhere = !reading.managedOnly && ids.size > 0 && !all.some(({ id }) => ids.has(id));
  const findings = await inTurns(managed, async (one) => {
    const seen = findingOn(one, listed.get(one.id));
    // A list is read over a while, and may leave something out: what looks like drift is asked for once more.
    // The API's example of a list has no features.
    const whole = one.declared["features"] === undefined || seen.live?.features !== undefined;
    const settled = seen.live !== undefined && seen.differences.length === 0 && whole;
    return elsewhere || settled ? seen : findingOn(one, await client.get(one.id));
  });
  return {
    managed: managed.length,
    changed: findings.filter(({ differences }) => differences.length > 0),
    gone: findings.filter(({ live }) => live === undefined),
    uncompared: findings.filter(({ uncompared }) => uncompared.length > 0),
    shared: [...Map.groupBy(managed, ({ id }) => id).values()].filter(({ length }) => length > 1),
    unmanaged: reading.managedOnly ? undefined : all.filter(({ id }) => !ids.has(id)),
    elsewhere,
  };
}

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

const findingOn = (managed: Managed, live: Organization | undefined): Finding => ({
  ...managed,
  live,
  ...(live ? compare(managed, live) : { differences: [], uncompared: [] }),
});
