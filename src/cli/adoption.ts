import { organizationType, providerText } from "../definitions/tokens.ts";
import { check } from "../lifecycle/check.ts";
import { declarationOf } from "../lifecycle/declaration.ts";
import { outputs, type State } from "../lifecycle/state.ts";
import { type Field, features as knownFeatures, type Organization, type OrganizationArgs } from "../schema.ts";

/** An organization that exists, as a program can declare it without changing it. */
export interface Adoption {
  readonly name: string;
  readonly id: string;
  readonly args: OrganizationArgs;
  /** The stack's default where that is off, which the program then passes on without saying so in its code. */
  readonly unsaid: { readonly deletionProtection?: false };
  readonly outputs: State;
  /** What is set at Scalekit and cannot be declared, with the reason. It stays undeclared, and so it is left alone. */
  readonly leftAlone: Readonly<Partial<Record<Field, string>>>;
}

/** What no program could declare. */
export interface Refusal {
  readonly id: string;
  readonly reason: string;
}

/** What to declare of each organization: just what is set. What breaks a limit that `pulumi up` holds is left out. */
export function adoptionsOf(
  organizations: readonly Organization[],
  names: ReadonlyMap<string, string>,
  deletionProtection: boolean,
) {
  const unsaid: Adoption["unsaid"] = deletionProtection ? {} : { deletionProtection: false };
  const adoptions: Adoption[] = [];
  const refused: Refusal[] = [];
  for (const organization of organizations) {
    const { args, leftAlone } = declarable(organization);
    if (leftAlone.displayName !== undefined) {
      refused.push({ id: organization.id, reason: `its display name ${leftAlone.displayName}` });
      continue;
    }
    const name = names.get(organization.id) ?? organization.id;
    const state = outputs(organization, declarationOf({ ...args, ...unsaid }));
    adoptions.push({ name, id: organization.id, args, unsaid, outputs: state, leftAlone });
  }
  return { adoptions, refused };
}

/** The file that `pulumi import --file` reads. A dynamic resource needs its provider in inputs and outputs both. */
export const importFile = (resources: readonly ImportEntry[]): string => `${JSON.stringify({ resources }, null, 2)}\n`;

/** What `pulumi import` has to know of one resource. */
export interface ImportEntry {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: object;
  readonly outputs: object;
}

export const entryOf = ({ name, id, args, unsaid, outputs: state }: Adoption): ImportEntry => ({
  type: organizationType,
  name,
  id,
  inputs: { ...args, ...unsaid, __provider: providerText },
  outputs: { ...state, __provider: providerText },
});

function declarable({ displayName, externalId, metadata, slug, logoUrl, features = {} }: Organization) {
  // Features that are off need no word: declared, one that a customer is given by hand would be drift.
  const given = Object.fromEntries(Object.entries(features).filter(([name, on]) => on && isKnown(name)));
  const all: OrganizationArgs = {
    displayName,
    ...(externalId === undefined ? {} : { externalId }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata: sorted(metadata) }),
    ...(slug === undefined ? {} : { slug }),
    ...(logoUrl === undefined ? {} : { logoUrl }),
    ...(Object.keys(given).length === 0 ? {} : { features: sorted(given) }),
  };
  // A failure's property is a path that begins with its field: `metadata.tier`, `metadata["cost center"]`.
  const leftAlone: Adoption["leftAlone"] = Object.fromEntries(
    check(all).map(({ property, reason }) => [property.split(/[.[]/)[0], reason]),
  );
  const args = Object.fromEntries(Object.entries(all).filter(([field]) => !(field in leftAlone))) as OrganizationArgs;
  return { args, leftAlone };
}

const isKnown = (name: string): boolean => (knownFeatures as readonly string[]).includes(name);

/** The API may give the pairs in another order each time; files that are written again should not differ for that. */
const sorted = <T>(pairs: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)));
