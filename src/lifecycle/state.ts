import { type Field, fields, type Organization, sameMetadata } from "../schema.ts";
import { unknown } from "./check.ts";
import { type Args, type Declaration, declarationIn, declarationOf, firstFields, laterFields } from "./declaration.ts";

/**
 * What Pulumi keeps of an organization: its outputs.
 *
 * A field that the program does not declare is left alone at Scalekit, and one that it declared before and no longer
 * does is cleared there. To tell the two apart, a state names what it cannot be taken for: of the fields that the first
 * version had those that have a value which nobody declared, of the others those that are declared. The engine shows a
 * provider its earlier outputs but not its earlier inputs.
 */
export interface State extends Partial<Omit<Organization, "id">> {
  readonly undeclared?: readonly Field[];
  /** `slug`, `logoUrl`, `features.sso` and the like, which were outputs before they could be declared. */
  readonly declared?: readonly string[];
  /** There when only the declared keys are the program's; `metadata` then holds those keys and no others. */
  readonly metadataOwnership?: "declared";
  /** There when it is off. */
  readonly deletionProtection?: false;
  /** There when a change may have been made whose answer was lost: what Scalekit has is to be looked at. */
  readonly unsure?: true;
  /**
   * There when its external ID was left for later in the run that saved this, see debts.ts. Whether it was given since, the
   * journal says by this text; where it does not, what Scalekit has is to be looked at.
   */
  readonly owed?: string;
  /** The host of the environment that the organization is in. */
  readonly environment?: string;
  /** What tells this resource from another of the stack that has come to have the same organization: see holders.ts. */
  readonly claim?: string;
}

/** The outputs for an organization of which the program declares `declared`. Nothing that is unset takes up room. */
export function outputs(live: Organization, declared: Declaration): State {
  const { id: _, metadata, ...rest } = live;
  const shown = ownedMetadata(metadata, declared);
  const state = {
    ...rest,
    ...(declared.fields.includes("metadata") || Object.keys(shown).length > 0 ? { metadata: shown } : {}),
    ...(declared.metadataOwnership === "declared" ? { metadataOwnership: "declared" as const } : {}),
    ...(declared.deletionProtection ? {} : { deletionProtection: false as const }),
  };
  const undeclared = firstFields.filter((field) => state[field] !== undefined && !declared.fields.includes(field));
  const later = laterFields(declared);
  return withoutUndefined({
    ...state,
    ...(undeclared.length > 0 && { undeclared }),
    ...(later.length > 0 && { declared: later }),
  });
}

/** The organization that `state` remembers. */
export function remembered(id: string, state: State): Organization {
  const known = Object.entries(state).filter(([name]) => !Object.hasOwn(besides, name));
  return { displayName: "", metadata: {}, ...Object.fromEntries(known), id };
}

/** What a state holds besides the organization. */
const besides: Readonly<Record<Exclude<keyof State, keyof Organization>, true>> = {
  undeclared: true,
  declared: true,
  metadataOwnership: true,
  deletionProtection: true,
  claim: true,
  unsure: true,
  owed: true,
  environment: true,
};

/** The inputs that would have made `live`, so that the next preview shows drift as a difference to the program. */
export function inputs(live: Organization, declared: Declaration) {
  const features = Object.fromEntries(declared.featureNames.map((name) => [name, isOn(live, name)]));
  const seen = { ...live, metadata: ownedMetadata(live.metadata, declared), features };
  return withoutUndefined({
    ...Object.fromEntries(declared.fields.map((field) => [field, seen[field]])),
    ...(declared.metadataOwnership === "declared" ? { metadataOwnership: "declared" } : {}),
    ...(declared.deletionProtection ? {} : { deletionProtection: false }),
  }) as Args;
}

/** The arguments in which the program asks for something else than what was saved, or stopped asking. */
export function changedFields(state: State, args: Args): (keyof Args)[] {
  const before = declarationIn(state);
  const now = declarationOf(args);
  const changed: (keyof Args)[] = fields.filter((field) => {
    const declared = now.fields.includes(field);
    if (field === "features") return featuresChanged(state, args, before, now);
    if (declared !== before.fields.includes(field)) return true;
    return declared && !isAsAsked(field, state, args);
  });
  for (const option of ["metadataOwnership", "deletionProtection"] as const) {
    if (before[option] !== now[option] || args[option] === unknown) changed.push(option);
  }
  return changed;
}

/** The part of `metadata` that is the program's to see, or all of it where all of it is the program's. */
function ownedMetadata(metadata: Organization["metadata"], declared: Declaration): Organization["metadata"] {
  if (declared.metadataOwnership === "all") return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => declared.metadataKeys.includes(key)));
}

/** A feature of which the API says nothing is off. */
export const isOn = ({ features }: Pick<Organization, "features">, name: string): boolean =>
  features !== undefined && Object.hasOwn(features, name) && features[name] === true;

function featuresChanged(state: State, { features }: Args, before: Declaration, now: Declaration): boolean {
  if (features === unknown || now.featureNames.length !== before.featureNames.length) return true;
  const asked = features as Record<string, unknown> | undefined;
  return now.featureNames.some((name) => !before.featureNames.includes(name) || asked?.[name] !== isOn(state, name));
}

function isAsAsked(field: Exclude<Field, "features">, state: State, args: Args): boolean {
  const asked = args[field];
  if (asked === unknown) return false;
  if (field !== "metadata") return asked === state[field];
  const pairs = asked as Organization["metadata"];
  return !Object.values(pairs).includes(unknown) && sameMetadata(state.metadata ?? {}, pairs);
}

export const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
