import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { ScalekitError } from "../errors.ts";
import { isProtected } from "../lifecycle/protection.ts";
import { readLine } from "./line.ts";
import { argsOf, counted, type Member, named, sharedIn } from "./members.ts";

/** Throws if an organization among those that a run would delete is protected, as the state of the set says. */
export function requireUnprotected(set: SetDefinition, state: Values, removed: readonly Member[]): void {
  const shared = sharedIn(set, state);
  const kept = removed.filter(({ line }) => isProtected(set.members, argsOf(readLine(line), shared)));
  if (kept.length === 0) return;
  const isOne = kept.length === 1;
  throw new ScalekitError(
    `${isOne ? "An organization is" : `${counted(kept.length)} organizations are`} protected from deletion, because a ` +
      `delete would also remove connections and directories: ${named(kept.map(({ key }) => key))}. To delete ${isOne ? "it" : "them"}, set ` +
      `\`deletionProtection: false\` on ${isOne ? "the tenant" : "these tenants"} or on the set, run \`pulumi up\`, and then take ` +
      `${isOne ? "it" : "them"} out. Nothing was changed.`,
  );
}
