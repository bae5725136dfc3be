import type { Applied } from "./apply.ts";
import { counted, shown } from "./members.ts";
import { type Plan, sizeOf } from "./plan.ts";
import type { Takeovers } from "./takeovers.ts";

/** What a preview says of a set: how many tenants, and the first of each kind by their external IDs. */
export function aboutPlan(name: string, plan: Plan, { adopt, retake }: Takeovers): string {
  const taken = new Set([...adopt, ...retake]);
  const made = plan.create.map(({ key }) => key).filter((key) => !taken.has(key));
  const parts = [
    part(made, "to create"),
    part(adopt, "to adopt"),
    part(retake, "to take over from a run that did not save them"),
    part(
      plan.update.map(({ tenant }) => tenant.key),
      "to update",
    ),
    part(
      plan.remove.map(({ key }) => key),
      "to delete",
    ),
    part(
      plan.leave.map(({ key }) => key),
      "to leave to other resources of this stack",
    ),
    ...(plan.unchanged > 0 || sizeOf(plan) + plan.leave.length === 0 ? [`${counted(plan.unchanged)} unchanged`] : []),
  ];
  return `${name}: ${parts.filter(Boolean).join(", ")}.`;
}

function part(keys: readonly string[], verb: string): string {
  if (keys.length === 0) return "";
  return `${counted(keys.length)} ${verb} (${keys.slice(0, shown).join(", ")}${keys.length > shown ? ", …" : ""})`;
}

/** The error of a run that did not do everything. */
export function aboutFailures(total: number, { failures, left }: Applied): string {
  const done = total - failures.length - left;
  const saved = `${counted(done)} of ${counted(total)} changes are done and saved`;
  const failed = failures.length > 0 ? `, ${counted(failures.length)} failed` : "";
  const open = left > 0 ? `, ${counted(left)} were not begun` : "";
  const reasons = failures
    .slice(0, reasonsShown)
    .map(({ key, error }) => `\n  ${key}: ${error instanceof Error ? error.message : String(error)}`);
  const more = failures.length > reasonsShown ? `\n  and ${counted(failures.length - reasonsShown)} more.` : "";
  return `${saved}${failed}${open}. Run \`pulumi up\` again: it does only what is left.${reasons.join("")}${more}`;
}

/** How many failures a message names with their reasons. */
const reasonsShown = 20;

/** Passes on the first few of the lines that members say, and counts the rest. */
export function newExcerpt(say: (line: string) => void) {
  let heard = 0;
  return {
    say(line: string): void {
      if (++heard <= shown) say(line);
    },
    /** Says how many lines were left out. */
    end(name: string): void {
      if (heard > shown) say(`${name}: ${counted(heard - shown)} more messages like these.`);
      heard = 0;
    },
  };
}
