import { protectionField, type Values } from "../definitions/definition.ts";
import { ScalekitError } from "../errors.ts";
import { shown } from "./foresee.ts";
import { readLine } from "./line.ts";
import type { Member } from "./members.ts";
import { counted } from "./progress.ts";

/** Throws if an organization among those that a run would delete is protected. */
export function requireUnprotected(removed: readonly Member[], shared: Values): void {
  const kept = removed.filter(
    ({ line }) => (readLine(line).args[protectionField] ?? shared[protectionField]) !== false,
  );
  if (kept.length === 0) return;
  const some = kept.slice(0, shown).map(({ key }) => key);
  const more = kept.length > shown ? ` and ${counted(kept.length - shown)} more` : "";
  const isOne = kept.length === 1;
  throw new ScalekitError(
    `${isOne ? "An organization is" : `${counted(kept.length)} organizations are`} protected from deletion, because a ` +
      `delete would also remove connections and directories: ${some.join(", ")}${more}. To delete ${isOne ? "it" : "them"}, set ` +
      `\`deletionProtection: false\` on ${isOne ? "the tenant" : "these tenants"} or on the set, run \`pulumi up\`, and then take ` +
      `${isOne ? "it" : "them"} out. Nothing was changed.`,
  );
}
