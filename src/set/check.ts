import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { unknown } from "../definitions/want.ts";
import { type CheckFailure, checkArgs, checkFields } from "../lifecycle/check.ts";
import { keyOf, readLine } from "./line.ts";
import { counted, sharedIn, textIn } from "./members.ts";
import { formerField } from "./plan.ts";

/** Every limit that the arguments of a set break. Lines that the run before had were checked then. */
export function checkSet(definition: SetDefinition, args: Values, before: Values = {}): CheckFailure[] {
  const failures = checkFields(definition, args);
  if (failures.length > 0 || args["tenants"] === unknown || args["tenants"] === before["tenants"]) return failures;
  const known = new Set(textIn(before["tenants"]));
  const shared = sharedIn(definition, args);
  const seen = new Set<string>();
  const reasons: string[] = [];
  for (const line of textIn(args["tenants"])) {
    const key = keyIn(line);
    if (seen.has(key)) reasons.push(`${key} stands in two lines`);
    seen.add(key);
    if (!known.has(line)) for (const reason of problemsIn(line, shared)) reasons.push(`${key}: ${reason}`);
  }
  return listed(reasons).map((reason) => ({ property: "tenants", reason }));

  function problemsIn(line: string, all: Values): string[] {
    try {
      const { [formerField]: _, ...own } = readLine(line).args;
      return checkArgs(definition.members, { ...all, ...own }).map(({ property, reason }) => `${property} ${reason}`);
    } catch (error) {
      return [(error as Error).message];
    }
  }
}

/** The first problems, and how many more there are. */
export const listed = (problems: readonly string[]): string[] =>
  problems.length > most ? [...problems.slice(0, most), `and ${counted(problems.length - most)} more`] : [...problems];

function keyIn(line: string): string {
  try {
    return keyOf(line);
  } catch {
    return line.slice(0, 20);
  }
}

/** How many problems a check reports. */
const most = 20;
