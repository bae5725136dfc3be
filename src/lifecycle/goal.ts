import type { Field, Organization, OrganizationArgs } from "../schema.ts";
import type { Goal } from "./converge.ts";
import type { Declaration } from "./declaration.ts";

/** What the program wants: the fields it declares, and nothing where it declared something `before`. */
export function goalOf(args: OrganizationArgs, before: Declaration, known: Organization): Goal {
  const dropped = (field: Field) => before.fields.includes(field) && args[field] === undefined;
  const text = (field: "externalId" | "slug" | "logoUrl") =>
    args[field] !== undefined ? { [field]: args[field] } : dropped(field) ? { [field]: null } : {};
  return {
    displayName: args.displayName,
    ...text("externalId"),
    ...text("slug"),
    ...text("logoUrl"),
    ...(args.metadata !== undefined || dropped("metadata") ? { metadata: pairsOf(args, before, known) } : {}),
    // Last, for an environment that refuses a feature to have all the rest.
    ...switches(args, before),
  };
}

function pairsOf(args: OrganizationArgs, before: Declaration, known: Organization): NonNullable<Goal["metadata"]> {
  const { metadata, metadataOwnership } = args;
  const pairs = metadata ?? {};
  // What is given up is what was had: keys of others stay when the ownership of some goes together with those.
  const byKey = [metadataOwnership, metadata === undefined && before.metadataOwnership].includes("declared");
  if (!byKey) return { pairs, without: "others" };
  // From a state that took all keys for the program's own, nobody can tell which of them it had declared.
  const given = before.metadataOwnership === "declared" ? before.metadataKeys : [];
  const without = given.filter((key) => !Object.hasOwn(pairs, key) && Object.hasOwn(known.metadata, key));
  return { pairs, without };
}

/** The features as declared, and off where one was declared before and no longer is. */
function switches({ features }: OrganizationArgs, { featureNames }: Declaration): Pick<Goal, "features"> {
  const dropped = featureNames.map((name) => [name, false] as const);
  const asked = Object.entries(features ?? {}).filter(([, on]) => on !== undefined);
  const all = Object.fromEntries([...dropped, ...asked]) as Record<string, boolean>;
  return Object.keys(all).length > 0 ? { features: all } : {};
}
