import { type Pending, type TenantList, tenantsIn } from "../tenants/tenants.ts";
import { lineOf } from "./line.ts";
import { formerField } from "./plan.ts";

export interface SetList extends Pick<TenantList, "file" | "tenants"> {
  /** What holds for every tenant, without what the set itself keeps. */
  readonly shared: Readonly<Record<string, unknown>>;
  readonly pending?: Pending;
}

/** The tenants of a list, as the lines of a set's text. Throws one error that lists everything that is wrong with any of them. */
export function rowsOf(name: string, { file, tenants, shared, pending }: SetList): Record<string, unknown>[] {
  return tenantsIn({
    of: `set ${name}`,
    file,
    tenants,
    shared,
    because: "the organization is recognized by it",
    more: [formerField],
    megabytes,
    ...(pending && { pending }),
  });
}

/** Room for a million tenants. */
const megabytes = 200;

/** The text of a set with these tenants. */
export const textOfTenants = (rows: readonly Readonly<Record<string, unknown>>[]): string =>
  [...rows]
    .sort((one, other) => (String(one["externalId"]) < String(other["externalId"]) ? -1 : 1))
    .map((row) => lineOf(String(row["externalId"]), row))
    .join("\n");
