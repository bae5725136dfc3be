import { type Field, fields, type MetadataOwnership } from "../schema.ts";
import type { State } from "./state.ts";

/** What the program says of an organization, its values aside: which fields are its own, and how it wants them managed. */
export interface Declaration {
  readonly fields: readonly Field[];
  readonly metadataOwnership: MetadataOwnership;
  /** The metadata keys that are the program's. Other keys are somebody else's where only the declared ones are owned. */
  readonly metadataKeys: readonly string[];
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
  deletionProtection: args.deletionProtection !== false,
});

/** What the program declared when `state` was saved. */
export const declarationIn = (state: State): Declaration => ({
  fields: fields.filter((field) => state[field] !== undefined && !state.undeclared?.includes(field)),
  metadataOwnership: state.metadataOwnership ?? "all",
  metadataKeys: Object.keys(state.metadata ?? {}),
  deletionProtection: state.deletionProtection !== false,
});
