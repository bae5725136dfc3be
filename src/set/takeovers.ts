import type { Live } from "../api/codec.ts";
import type { Endpoints } from "../api/endpoints.ts";
import { pageSize } from "../api/pages.ts";
import { ScalekitError } from "../errors.ts";
import type { Journal } from "../lifecycle/journal.ts";
import type { Tenant } from "./line.ts";
import { counted, named } from "./members.ts";
import type { Plan } from "./plan.ts";
import { inPool } from "./pool.ts";

export interface TakeoverOptions {
  readonly endpoints: Pick<Endpoints, "findByKey" | "list" | "page">;
  readonly journal: Pick<Journal, "knows" | "isPending">;
  /** The URN of a tenant for the journal. */
  urnOf(key: string): string | undefined;
  /** Whether the create of a tenant takes over an organization that exists. */
  isAdopting(tenant: Tenant): boolean;
}

/** The external IDs of the tenants whose creates will take over an organization. */
export interface Takeovers {
  readonly adopt: readonly string[];
  /** Made by an earlier run that did not save them. */
  readonly retake: readonly string[];
}

/** Finds at preview what the creates will meet. Throws if a tenant does not adopt the organization that has its external ID. */
export async function findTakeovers(plan: Plan, options: TakeoverOptions): Promise<Takeovers> {
  const { journal, urnOf, isAdopting } = options;
  const tenants = new Map(plan.create.map((tenant) => [tenant.key, tenant]));
  // An organization that this run updates or deletes gives its external ID up.
  const own = new Set([...plan.update.map(({ member }) => member.id), ...plan.remove.map(({ id }) => id)]);
  const adopt: string[] = [];
  const retake: string[] = [];
  const taken: Live[] = [];
  for (const holder of await holdersOf(tenants, options.endpoints)) {
    const key = holder["externalId"] as string;
    const tenant = tenants.get(key);
    if (tenant === undefined || own.has(holder.id)) continue;
    const urn = urnOf(key);
    // Other objects that the journal knows may belong to another resource of this stack.
    if (urn !== undefined && (await journal.isPending(urn))) retake.push(key);
    else if (isAdopting(tenant)) adopt.push(key);
    else if (journal.knows(holder.id)) retake.push(key);
    else taken.push(holder);
  }
  if (taken.length > 0) throw takenError(taken);
  return { adopt: adopt.sort(), retake: retake.sort() };
}

/** The organizations with the external IDs of these tenants, by the fewest requests: the pages of the list, or one for each. */
async function holdersOf(
  tenants: ReadonlyMap<string, Tenant>,
  endpoints: TakeoverOptions["endpoints"],
): Promise<Live[]> {
  const found: Live[] = [];
  if (tenants.size === 0) return found;
  const pages = tenants.size < 3 ? Number.POSITIVE_INFINITY : await pagesOf(endpoints);
  if (pages > tenants.size) {
    const errors: unknown[] = [];
    await inPool(tenants.keys(), 20, async (externalId) => {
      const holder = await endpoints.findByKey({ externalId }).catch((error: unknown) => void errors.push(error));
      if (holder) found.push(holder);
    });
    if (errors.length > 0) throw errors[0];
    return found;
  }
  for await (const live of endpoints.list()) {
    if (tenants.has(String(live["externalId"]))) found.push(live);
  }
  return found;
}

/** How many pages the list has. Unknown counts as one for each tenant that a page could show. */
async function pagesOf({ page }: Pick<Endpoints, "page">): Promise<number> {
  const { items, next, total } = await page(undefined, undefined);
  if (next === undefined) return 1;
  return total === undefined ? 1 : Math.ceil(total / Math.max(1, Math.min(items.length, pageSize)));
}

function takenError(holders: readonly Live[]): ScalekitError {
  const some = named(holders.map(({ id, externalId }) => `${externalId} (${id})`));
  const one = holders.length === 1;
  return new ScalekitError(
    `${one ? "One external ID belongs" : `${counted(holders.length)} external IDs belong`} to ${one ? "an organization" : "organizations"} ` +
      `that this set does not have: ${some}. To take ${one ? "it" : "them"} over, set \`adopt: true\` on ` +
      `${one ? "the tenant" : "these tenants"} or on the set. Nothing was changed.`,
  );
}
