import type { Client } from "../../api/client.ts";
import { type Organization, organization } from "../../definitions/organization.ts";

/** Which organizations: those that meet all that is given, and every one where nothing is. */
export interface Selection {
  /** Only those whose external ID begins so, in the same case. */
  readonly externalIdPrefix?: string | undefined;
  /** Only those that have each of these pairs. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Every organization of the environment, oldest first whatever order the API lists them in. */
export async function readAll(
  client: Pick<Client, "of">,
  tell: (count: number) => void = () => {},
): Promise<Organization[]> {
  // Pages shift when an organization is made or deleted while they are read, so one may come twice.
  const found = new Map<string, Organization>();
  for await (const live of client.of(organization).list()) {
    found.set(live.id, live as unknown as Organization);
    tell(found.size);
  }
  return [...found.values()].sort(byAge);
}

/** The oldest first; those of one moment, and those of no known one, by id. */
export const byAge = (a: Organization, b: Organization): number =>
  compare(a.createTime ?? "", b.createTime ?? "") || compare(a.id, b.id);

export function isSelected(organization: Organization, { externalIdPrefix, metadata }: Selection): boolean {
  if (externalIdPrefix !== undefined && !organization.externalId?.startsWith(externalIdPrefix)) return false;
  return Object.entries(metadata ?? {}).every(
    ([key, value]) => Object.hasOwn(organization.metadata, key) && organization.metadata[key] === value,
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
