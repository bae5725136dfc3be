import { type StackKind, stackKindOf } from "./kinds.ts";
import type { Step } from "./preview.ts";
import { nameIn } from "./stack-state.ts";

/** Something of this package that an update would take out of the stack. */
export interface Removal {
  readonly kind: StackKind;
  readonly name: string;
  readonly id: string;
  readonly action: "delete" | "replace";
  /** Whether it stays at Scalekit. */
  readonly retained: boolean;
}

/** What an update of these steps would remove. */
export function removalsIn(steps: readonly Step[]): Removal[] {
  const removals = new Map<string, Removal>();
  for (const { op, urn, oldState } of steps) {
    const action = actions[op];
    const kind = stackKindOf(oldState?.type ?? "");
    // What was only read stays, even where a resource of that name is to be made.
    if (action === undefined || oldState === undefined || kind === undefined || oldState.external === true) continue;
    const { id = "", retainOnDelete } = oldState;
    // A resource has several where an earlier run did not come to delete what it had replaced.
    removals.set(`${urn} ${id}`, { kind, name: nameIn(urn), id, action, retained: retainOnDelete === true });
  }
  return [...removals.values()];
}

/** Pulumi's steps that remove a resource; a replacement is several. */
const actions: Readonly<Record<string, Removal["action"]>> = {
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};
