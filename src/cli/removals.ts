import { type Definition, makerOf } from "../definitions/definition.ts";
import { definitionOf } from "../definitions/index.ts";
import { nameIn } from "../definitions/tokens.ts";
import { ScalekitError } from "../errors.ts";
import { isProtected } from "../lifecycle/protection.ts";
import { visible } from "../text/visible.ts";
import type { Step } from "./preview.ts";

/** A resource of this package that an update would delete or replace. */
export interface Removal {
  readonly definition: Definition;
  readonly name: string;
  readonly id: string;
  readonly action: "delete" | "replace";
  /** Whether it stays at Scalekit. */
  readonly retained: boolean;
  /** Whether the provider will refuse to delete it, as far as the step shows. */
  readonly isProtected: boolean;
}

/** What an update of these steps would remove. Throws where a step does not say. */
export function removalsIn(steps: readonly Step[]): Removal[] {
  const removals = new Map<string, Removal>();
  for (const { op, urn, oldState, newState } of steps) {
    const action = actions.get(op);
    if (action === "none") continue;
    if (action !== undefined && oldState === undefined) throw unsure(op, urn);
    const definition = definitionOf((oldState ?? newState)?.type ?? "");
    // A resource that was only read stays, even if a new resource gets its name.
    if (definition === undefined || oldState?.external === true) continue;
    // A later version of Pulumi may remove things in other ways.
    if (action === undefined) throw unsure(op, urn);
    const { id = "", retainOnDelete, inputs } = oldState ?? {};
    // A resource has several where an earlier run did not come to delete what it had replaced.
    const retained = retainOnDelete === true || makerOf(definition) !== undefined;
    const isKept = !retained && inputs != null && isProtected(definition, inputs);
    removals.set(`${urn} ${id}`, { definition, name: nameIn(urn), id, action, retained, isProtected: isKept });
  }
  return [...removals.values()];
}

const unsure = (op: string, urn: string) =>
  new ScalekitError(
    `The preview does not say what its step ${visible(JSON.stringify(op))} would do with ${visible(nameIn(urn) || "a resource")}, which may be a delete. ` +
      "Make the preview again, and update pulumi-scalekit if it is older than Pulumi.",
  );

/** All of Pulumi's steps. A replacement is several. */
const actions = new Map<string, Removal["action"] | "none">([
  ["delete", "delete"],
  ["replace", "replace"],
  ["create-replacement", "replace"],
  ["delete-replaced", "replace"],
  ...[
    "same",
    "create",
    "update",
    "refresh",
    "diff",
    "import",
    "import-replacement",
    "read",
    "read-replacement",
    // What was only read, and what is deleted already.
    "discard",
    "discard-replaced",
    "remove-pending-replace",
    "extend-parameterize",
  ].map((op) => [op, "none"] as const),
]);
