import type { Client } from "../api/client.ts";
import { isApiError } from "../errors.ts";
import type { Organization } from "../schema.ts";
import type { Args } from "./declaration.ts";
import type { Journal } from "./journal.ts";

/**
 * External IDs that change hands within one run: two organizations swap theirs, or one gets what another gives up.
 *
 * An external ID is unique at every moment, and the engine changes organizations one by one in no given order. So whoever
 * comes first finds the external ID still taken, and has its holder let go of it, but only if this run is about to
 * give the holder another one. Meanwhile no other external ID changes: a holder that had just got its new one would
 * otherwise be made to let go of that.
 */
export interface Handover {
  /** This run is about to make the organization `id` what `args` say, whose external ID is another than before. */
  expect(id: string, args: Args): void;
  /**
   * Runs `reach`, which is to give the organization `id` an external ID, and once more if that was refused and its
   * holder, if it still had one, has let go of it. Otherwise throws what `refused` makes of the refusal.
   */
  receive<T>(id: string, externalId: string, reach: () => Promise<T>, refused: Refused): Promise<T>;
  /** Has `holder` let go of `externalId`. False if it is to keep it, as far as this run knows. */
  release(holder: Organization, externalId: string): Promise<boolean>;
}

type Refused = (holder: Organization, error: unknown) => unknown;

export function handovers(
  client: Pick<Client, "update" | "sleep" | "getByExternalId">,
  journal: Pick<Journal, "displace">,
): Handover {
  const expected = new Map<string, unknown>();
  const changes = oneOrMany();

  async function letGo(holder: Organization, externalId: string): Promise<boolean> {
    // The engine may not have come to the holder yet.
    for (let waited = 0; !expected.has(holder.id) && waited < patience; waited += interval) {
      await client.sleep(interval);
    }
    if (!expected.has(holder.id) || expected.get(holder.id) === externalId) return false;
    // Noted first, for a run that ends here: the next one then gives the holder what it is to have, whatever the state says.
    await journal.displace(holder.id);
    // Not cleared but replaced: how to clear an external ID is not documented, and setting one is. Its own update follows.
    await client.update(holder.id, { externalId: spareExternalId(holder.id) }, "plain", []);
    return true;
  }

  return {
    expect(id, { externalId }) {
      expected.set(id, externalId);
    },
    async receive(id, externalId, reach, refused) {
      try {
        return await changes.beside(reach).catch((error: unknown) => {
          if (!mayMeanTaken(error)) throw error;
          return changes.alone(async () => {
            const holder = await client.getByExternalId(externalId).catch(() => {
              throw error;
            });
            const free = holder === undefined || holder.id === id || (await letGo(holder, externalId));
            if (!free) throw refused(holder, error);
            return reach();
          });
        });
      } finally {
        // It has what it was to have, or will not get it in this run. Either way nobody may count on it any more.
        expected.delete(id);
      }
    },
    release: (holder, externalId) =>
      changes.alone(async () => {
        const now = await client.getByExternalId(externalId);
        return now?.id !== holder.id || letGo(holder, externalId);
      }),
  };
}

/** What an organization has between two external IDs. It is as good as none, and how to have none is not documented. */
export const spareExternalId = (id: string): string => `moving:${id}`;

/** The status of a duplicate is not documented. */
export const mayMeanTaken = (error: unknown): boolean => isApiError(error) && [400, 409].includes(error.status);

/** Milliseconds. */
const patience = 3000;
const interval = 100;

/** Work that may go on beside its like, and work that has to be alone. */
function oneOrMany() {
  const underWay = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();

  async function beside<T>(work: () => Promise<T>): Promise<T> {
    await last;
    const running = work();
    underWay.add(running);
    try {
      return await running;
    } finally {
      underWay.delete(running);
    }
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(() => Promise.allSettled(underWay)).then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return { beside, alone };
}
