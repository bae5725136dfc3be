import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import type { ResourceClient } from "../api/endpoints.ts";
import { orAbsent } from "../api/not-found.ts";
import { type Definition, isOwned, isSetting } from "../definitions/definition.ts";
import type { Organization } from "../schema.ts";
import type { Finding } from "./findings.ts";
import { inTurns } from "./kinds.ts";
import { compareResource } from "./resource-comparison.ts";
import type { Managed } from "./stack-state.ts";

/** Something of a kind that has a definition, as a stack has it. */
export type ManagedResource = Managed & { readonly definition: Definition };

/** The endpoints of kinds, each list of which is read once. */
interface Lists {
  of(definition: Definition): Pick<ResourceClient, "get" | "list">;
}

export function newLists(client: Pick<Client, "of">): Lists {
  const known = new Map<string, Promise<Live[]>>();

  /** None where the organization itself is gone. */
  async function all(of: ResourceClient, owner: string | undefined): Promise<Live[]> {
    const found: Live[] = [];
    const reading = async () => {
      for await (const one of of.list(owner)) found.push(one);
    };
    await orAbsent(reading());
    return found;
  }

  return {
    of(definition) {
      const endpoints = client.of(definition);
      return {
        get: endpoints.get,
        async *list(owner) {
          const key = `${definition.name} ${owner}`;
          const coming = known.get(key) ?? all(endpoints, owner);
          known.set(key, coming);
          yield* await coming;
        },
      };
    },
  };
}

/**
 * What is at Scalekit beside what the stacks declare: by lists where they hold more than one, or are read anyway, and
 * one by one else, and to be sure of a difference.
 */
export async function findResources(
  managed: readonly ManagedResource[],
  organization: (id: string) => Promise<Organization | undefined>,
  lists: Lists,
  wanted: readonly Definition[],
): Promise<Finding[]> {
  const places = Map.groupBy(managed, ({ definition, id }) => `${definition.name} ${ownerIn(definition, id)}`);
  const found = await inTurns([...places.values()], async (members) => {
    const [{ definition, id }] = members as [ManagedResource];
    if (isSetting(definition.api) && !definition.api.readable) {
      const live = await organization(id);
      return members.map((one): Finding => ({ ...one, ...nothing, live, unreadable: true }));
    }
    const endpoints = lists.of(definition);
    const listed = new Map<string, Live>();
    if (!isSetting(definition.api) && (members.length > 1 || wanted.includes(definition))) {
      for await (const live of endpoints.list(ownerIn(definition, id))) listed.set(live.id, live);
    }
    const findings: Finding[] = [];
    for (const one of members) {
      const seen = findingOn(one, listed.get(one.id));
      const settled = seen.live !== undefined && seen.differences.length === 0;
      findings.push(settled ? seen : findingOn(one, await endpoints.get(one.id)));
    }
    return findings;
  });
  return found.flat();
}

const nothing = { differences: [], uncompared: [] };

const findingOn = (one: ManagedResource, live: Live | undefined): Finding => ({
  ...one,
  live,
  ...(live ? compareResource(one.definition, one, live) : nothing),
});

/** The organization that stands in an id. */
const ownerIn = (definition: Definition, id: string): string | undefined =>
  isOwned(definition) ? id.split("/")[0] : undefined;
