import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { readLine } from "../set/line.ts";
import { argsOf, linesIn, membersIn, sharedIn } from "../set/members.ts";
import { planOf } from "../set/plan.ts";

/** An organization that a set has. */
export interface SetMember {
  readonly externalId: string;
  readonly id: string;
}

/** The organizations of a set, with what the program declared of each: `undefined` if the set's text is not known. */
export function declaredIn(
  set: SetDefinition,
  { inputs, outputs }: { readonly inputs: Values; readonly outputs: Values },
): (SetMember & { readonly declared: Values | undefined })[] {
  const isKnown = typeof inputs["tenants"] === "string";
  const lines = linesIn(inputs["tenants"]);
  const shared = sharedIn(set, inputs);
  return [...membersIn(outputs).values()].map(({ key, id, line }) => ({
    externalId: key,
    id,
    declared: isKnown ? argsOf(readLine(lines.get(key) ?? line), shared) : undefined,
  }));
}

/** The organizations that an update from `outputs` to `tenants` would delete, with their arguments. Without `tenants` it deletes all. */
export function membersRemoved(
  set: SetDefinition,
  outputs: Values,
  tenants?: string,
): (SetMember & { readonly args: Values })[] {
  const shared = sharedIn(set, outputs);
  return planOf(membersIn(outputs), linesIn(tenants ?? "")).remove.map(({ key, id, line }) => ({
    externalId: key,
    id,
    args: argsOf(readLine(line), shared),
  }));
}
