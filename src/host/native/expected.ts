import type { Definition, Values } from "../../definitions/definition.ts";
import { unknown } from "../../definitions/want.ts";
import { notesKey } from "../../lifecycle/state.ts";

/** What a preview knows of a resource that is about to be created: its arguments, and nothing of what Scalekit decides. */
export function expectedOfCreate({ fields, outputs }: Pick<Definition, "fields" | "outputs">, inputs: Values): Values {
  const decided = Object.keys(fields).filter((name) => !fields[name]?.providerOnly && !fields[name]?.neverMadeUp);
  return { ...unknownOf([...decided, ...Object.keys(outputs)]), ...inputs };
}

/** What a preview knows of a resource that is about to be updated. */
export function expectedOfUpdate(
  { fields, outputs }: Pick<Definition, "fields" | "outputs">,
  before: { readonly state: Values; readonly inputs: Values },
  inputs: Values,
): Values {
  // Fields that no program ever declared stay as they are.
  const kept = Object.entries(before.state).filter(
    ([name]) => name !== notesKey && !(name in fields && name in before.inputs),
  );
  return { ...Object.fromEntries(kept), ...unknownOf(changing.filter((name) => name in outputs)), ...inputs };
}

/** Outputs that every change may change. */
const changing = ["updateTime", "idList", "count"];

const unknownOf = (names: readonly string[]): Values => Object.fromEntries(names.map((name) => [name, unknown]));
