import type { Client } from "../api/client.ts";
import type { Organization } from "../schema.ts";
import type { Args } from "./declaration.ts";

/**
 * External IDs that change hands within one run: two organizations swap theirs, or one gets what another gives up.
 *
 * An external ID is unique at every moment, and the engine changes organizations one by one in no given order. So whoever
 * comes first finds the external ID still taken, and has its holder let go of it, but only if this run is about to
 * give the holder another one.
 */
export interface Handover {
  /** This run is about to make the organization `id` what `args` say. */
  expect(id: string, args: Args): void;
  /** Has `holder` let go of `externalId`. False if it is to keep it, as far as this run knows. */
  release(holder: Organization, externalId: string): Promise<boolean>;
}

export function handovers(client: Pick<Client, "update" | "sleep">): Handover {
  const expected = new Map<string, unknown>();

  return {
    expect(id, { externalId }) {
      expected.set(id, externalId);
    },
    async release(holder, externalId) {
      // The engine may not have come to the holder yet.
      for (let waited = 0; !expected.has(holder.id) && waited < patience; waited += interval)
        await client.sleep(interval);
      if (!expected.has(holder.id) || expected.get(holder.id) === externalId) return false;
      // Not cleared but replaced: how to clear an external ID is not documented, and setting one is. Its own update follows.
      await client.update(holder.id, { externalId: `moving:${holder.id}` }, "plain", []);
      return true;
    },
  };
}

const patience = 3000;
const interval = 100;
