import { type Field, features, fields, type MetadataOwnership } from "../schema.ts";
import type { State } from "./state.ts";

/** What the program says of an organization, its values aside: which fields are its own, and how it wants them managed. */
export interface Declaration {
  readonly fields: readonly Field[];
  readonly metadataOwnership: MetadataOwnership;
  /** The metadata keys that are the program's. Other keys are somebody else's where only the declared ones are owned. */
  readonly metadataKeys: readonly string[];
  /** The features that are the program's to turn on and off. */
  readonly featureNames: readonly string[];
  /** On unless the program says otherwise, because a deleted organization takes its connections and directories along. */
  readonly deletionProtection: boolean;
}

/** Arguments as they come through the engine: plain JSON, not yet checked, perhaps not yet known. */
export type Args = Readonly<Partial<Record<Field | "metadataOwnership" | "deletionProtection" | "adopt", unknown>>>;

/** What `args` declare. Presence decides, whatever the value. */
export const declarationOf = (args: Args): Declaration => ({
  fields: fields.filter((field) => args[field] !== undefined),
  metadataOwnership: args.metadataOwnership === "declared" ? "declared" : "all",
  metadataKeys: Object.keys(args.metadata ?? {}),
  featureNames: features.filter((name) => (args.features as Record<string, unknown> | undefined)?.[name] !== undefined),
  deletionProtection: args.deletionProtection !== false,
});

/** What the program declared when `state` was saved. */
export const declarationIn = (state: State): Declaration => ({
  fields: fields.filter((field) => isDeclaredIn(state, field)),
  metadataOwnership: state.metadataOwnership ?? "all",
  metadataKeys: Object.keys(state.metadata ?? {}),
  featureNames: features.filter((name) => state.declared?.includes(`features.${name}`)),
  deletionProtection: state.deletionProtection !== false,
});

/** Whether `state` is of an organization that the program reads: one that it manages has a name by it. */
export const isOnlyRead = ({ undeclared }: State): boolean => undeclared?.includes("displayName") === true;

/** Nothing, and so the organization is left alone as it is. */
export const nothing = declarationOf({});

/** What an interrupted run may have declared: any field, and the features that it noted, as in `also`. */
export const everythingAnd = (also: readonly string[]): Declaration => ({
  ...nothing,
  fields,
  featureNames: features.filter((name) => also.includes(`features.${name}`)),
});

/** The fields that the first version had: a state that has one of them has it because it was declared, unless it says otherwise. */
export const firstFields = ["displayName", "externalId", "metadata"] as const satisfies readonly Field[];

function isDeclaredIn(state: State, field: Field): boolean {
  if (isFirst(field)) return state[field] !== undefined && !state.undeclared?.includes(field);
  return state.declared?.some((path) => path === field || path.startsWith(`${field}.`)) ?? false;
}

export const isFirst = (field: Field): field is (typeof firstFields)[number] =>
  (firstFields as readonly Field[]).includes(field);

/** The later fields that are declared, as a state names them: `slug`, `features.sso`. */
export const laterFields = ({ fields, featureNames }: Declaration): string[] => [
  ...fields.filter((field) => !isFirst(field) && field !== "features"),
  // An empty declaration of features declares none.
  ...featureNames.map((name) => `features.${name}`),
];
