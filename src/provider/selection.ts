import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { organization } from "../definitions/organization.ts";
import { entryOf } from "../definitions/want.ts";
import type { Run } from "./look-ups.ts";

/** Which organizations: those that meet all that is given, and every one where nothing is. */
export interface Selection {
  /** Only those whose external ID begins so, in the same case. */
  readonly externalIdPrefix?: string | undefined;
  /** Only those that have each of these pairs. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Called with how many were read so far, and how many there are where that is known. */
export type TellOfReading = (count: number, total?: number) => void;

/** Every organization of the environment, oldest first whatever order the API lists them in. */
export async function readAll(client: Pick<Client, "of">, tell: TellOfReading = () => {}): Promise<Live[]> {
  // Pages shift when an organization is made or deleted while they are read, so one may come twice.
  const found = new Map<string, Live>();
  let total: number | undefined;
  const noteTotal = (all: number) => {
    total = all;
  };
  for await (const live of client.of(organization).list(undefined, noteTotal)) {
    found.set(live.id, live);
    tell(found.size, total);
  }
  return [...found.values()].sort(byAge);
}

/** Those of them that were asked for. A run reads all of them once, whatever it selects. */
export async function selected(run: () => Run, selection: Selection): Promise<Live[]> {
  const { answers, client } = run();
  const all = await answers.once("all", async () => readAll(await client));
  return all.filter((live) => isSelected(live, selection));
}

/** The oldest first; those of one moment, and those of no known one, by id. */
export const byAge = (a: Live, b: Live): number =>
  compare(String(a["createTime"] ?? ""), String(b["createTime"] ?? "")) || compare(a.id, b.id);

/** Whether an organization is among those that were asked for. */
export function isSelected({ externalId, metadata: pairs }: Live, { externalIdPrefix, metadata }: Selection): boolean {
  if (externalIdPrefix !== undefined && !String(externalId ?? "").startsWith(externalIdPrefix)) return false;
  return Object.entries(metadata ?? {}).every(([key, value]) => entryOf(pairs, key) === value);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
