import { type Definition, isReplacing, isSetting, keysOf, ownerField } from "../definitions/definition.ts";

/** What the engine has to do about a resource. */
export interface Difference {
  readonly isChanged: boolean;
  /** The changed fields that replace the resource. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

/** What the engine has to do after a change of these fields. */
export function consequencesOf(definition: Definition, changed: readonly string[]): Omit<Difference, "isChanged"> {
  const replaces = changed.filter((field) => isReplacing(definition, field));
  // The new object needs the key of the old one, unless it has another. That holds across organizations too: the API's
  // documents do not say where a domain is unique.
  const key = keysOf(definition)[0]?.fields ?? [];
  const own = isSetting(definition.api) ? key : key.filter((field) => field !== ownerField);
  const deleteBeforeReplace = own.length > 0 && !own.some((field) => changed.includes(field));
  return { replaces, deleteBeforeReplace };
}
