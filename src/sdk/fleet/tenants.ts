import type { Row } from "../../tenants/reading.ts";
import { invalidList, isObject, tenantsIn } from "../../tenants/tenants.ts";
import { pending } from "../pending.ts";
import type { OrganizationFleetArgs, Tenant } from "./args.ts";

/** The tenants of a fleet, each with what all of them share. Throws one error that lists everything that is wrong with any of them. */
export function tenantsOf(fleet: string, args: OrganizationFleetArgs): Tenant[] {
  const of = `fleet ${fleet}`;
  if (!isObject(args)) throw invalidList(of, ["its arguments must be an object with file or tenants"]);
  const { file, tenants, aliases = {}, ...shared } = args as OrganizationFleetArgs;
  const problemsOf = (rows: readonly Row[]) =>
    strays(aliases, rows).map((externalId) => `aliases[${JSON.stringify(externalId)}] belongs to no tenant`);
  const because = "the resource is named after it";
  return tenantsIn({ of, file, tenants, shared, because, pending, problemsOf, megabytes }) as unknown as Tenant[];
}

/** Room for tens of thousands of tenants, more than one stack can well hold as resources of their own. */
const megabytes = 10;

/** A mistyped alias would leave the organization that it means without its resource. */
function strays(aliases: object, rows: readonly Row[]): string[] {
  const known = new Set(rows.map(({ args }) => isObject(args) && args["externalId"]));
  return Object.keys(aliases).filter((externalId) => !known.has(externalId));
}
