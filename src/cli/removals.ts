import { type Definition, makerOf } from "../definitions/definition.ts";
import { definitionOf, setOf } from "../definitions/index.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { nameIn } from "../definitions/tokens.ts";
import { unknown } from "../definitions/want.ts";
import { ScalekitError } from "../errors.ts";
import { isProtected } from "../lifecycle/protection.ts";
import { linesIn } from "../set/members.ts";
import { visible } from "../text/visible.ts";
import type { Step } from "./preview.ts";
import { membersRemoved } from "./set-members.ts";

/** A resource of this package that an update would delete or replace. */
export interface Removal {
  readonly definition: Definition;
  readonly name: string;
  /** The set that it is a tenant of; then its name is its external ID. */
  readonly set?: string;
  readonly id: string;
  readonly action: "delete" | "replace";
  /** Whether it stays at Scalekit. */
  readonly retained: boolean;
  /** Whether the provider will refuse to delete it, as far as the step shows. */
  readonly isProtected: boolean;
}

/** What an update of these steps would remove. Throws if a step does not say. */
export function removalsIn(steps: readonly Step[]): Removal[] {
  const removals = new Map<string, Removal>();
  const declared = externalIdsIn(steps);
  for (const step of steps) {
    const { op, urn, oldState, newState } = step;
    const action = actions.get(op);
    const set = setOf((oldState ?? newState)?.type ?? "");
    if (set !== undefined && oldState?.external !== true) {
      for (const removal of tenantsRemoved(set, step, declared)) removals.set(`${urn} ${removal.id}`, removal);
      continue;
    }
    if (action === "none") continue;
    if (action !== undefined && oldState === undefined) throw unsure(op, urn);
    const definition = definitionOf((oldState ?? newState)?.type ?? "");
    // A resource that was only read stays, even if a new resource gets its name.
    if (definition === undefined || oldState?.external === true) continue;
    // A later version of Pulumi may remove things in other ways.
    if (action === undefined) throw unsure(op, urn);
    const { id = "", retainOnDelete, inputs } = oldState ?? {};
    // A resource has several if an earlier run replaced its object and did not get to delete the old one.
    const retained = retainOnDelete === true || makerOf(definition) !== undefined;
    const isKept = !retained && inputs != null && isProtected(definition, inputs);
    removals.set(`${urn} ${id}`, { definition, name: nameIn(urn), id, action, retained, isProtected: isKept });
  }
  return [...removals.values()];
}

/** The tenants that a step with their set would remove. A replacement deletes what the new set does not take over, so all count. */
function tenantsRemoved(
  definition: SetDefinition,
  { op, urn, oldState, newState }: Step,
  declared: ReadonlySet<string>,
): Removal[] {
  const action = actions.get(op);
  const isUpdate = op === "update";
  if (action === "none" && !isUpdate) return [];
  if (action === undefined || oldState === undefined) throw unsure(op, urn);
  const set = nameIn(urn);
  const outputs = oldState.outputs ?? {};
  const tenants = newState?.inputs?.["tenants"];
  const isCountable =
    isReadable(outputs["idList"]) && (!isUpdate || (isReadable(outputs["tenants"]) && isReadable(tenants)));
  if (!isCountable) throw uncountable(set);
  const { members } = definition;
  const removed = membersRemoved(definition, outputs, isUpdate ? String(tenants) : undefined);
  return removed.map(({ externalId, id, args }) => {
    // A tenant that another resource declares moves to that resource.
    const retained = (!isUpdate && oldState.retainOnDelete === true) || declared.has(within(oldState, externalId));
    return {
      definition: members,
      name: externalId,
      set,
      id,
      action: action === "replace" ? "replace" : "delete",
      retained,
      isProtected: !retained && isReadable(outputs["tenants"]) && isProtected(members, args),
    };
  });
}

/** What the program declares, by a set or by itself. */
function externalIdsIn(steps: readonly Step[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { newState } of steps) {
    const { externalId, tenants } = newState?.inputs ?? {};
    const isOrganization = definitionOf(newState?.type ?? "")?.name === "Organization";
    const isOfSet = setOf(newState?.type ?? "") !== undefined && typeof tenants === "string";
    const all = isOfSet ? linesIn(tenants).keys() : isOrganization ? [String(externalId)] : [];
    for (const one of all) found.add(within(newState, one));
  }
  return found;
}

/** Two environments may have the same external IDs, and a provider has one. */
const within = (state: { readonly provider?: string | undefined } | undefined, externalId: string): string =>
  `${state?.provider ?? ""}\n${externalId}`;

/** Pulumi shows a mark in place of a secret, and in place of a value that it does not know yet. */
const isReadable = (text: unknown): text is string =>
  typeof text === "string" && text !== "[secret]" && text !== unknown && text !== "[unknown]";

const uncountable = (set: string) =>
  new ScalekitError(
    `The preview does not say which tenants the set ${visible(set)} would have, since its text is secret or not known yet, and Pulumi shows ` +
      "neither. So nobody can count what the update deletes. Keep names and metadata of a set that is guarded plain and known.",
  );

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
