import type { Values } from "../definitions/definition.ts";
import { organizationSet } from "../definitions/organization-set.ts";
import { type Pending, type TenantList, tenantsIn } from "../tenants/tenants.ts";
import { lineOf, textOfLines } from "./line.ts";
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
  textOfLines(
    rows.map((row) => {
      const key = String(row["externalId"]);
      return { key, line: lineOf(key, row) };
    }),
  );

/** The arguments that a set keeps, and those that it passes to each tenant. */
export function settingsIn(settings: Values): { own: Values; shared: Values } {
  const entries = Object.entries(settings);
  const isOwn = ([name]: [string, unknown]): boolean => name in organizationSet.fields;
  return {
    own: Object.fromEntries(entries.filter(isOwn)),
    shared: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
  };
}
