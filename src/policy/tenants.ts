import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { cellOf, lineOf, readLine, type Tenant } from "../set/line.ts";
import { argsOf, counted, named, sharedIn, textIn } from "../set/members.ts";
import { isKnown } from "./known.ts";

/** A tenant of a set, as the organization that it is. */
export interface SetTenant {
  readonly externalId: string;
  /** What its line says. */
  readonly own: Values;
  /** The same, with what holds for every tenant. */
  readonly args: Values;
}

/** The tenants of a set with these arguments, as far as they are known. The provider refuses a line that cannot be read. */
export const tenantsOf = (set: SetDefinition, args: Values): SetTenant[] =>
  readIn(set, args).flatMap(({ tenant }) => tenant ?? []);

/** The text of a set in which `mend` has changed tenants in place, or `undefined` if it has changed none. */
export function mendedText(
  set: SetDefinition,
  args: Values,
  mend: (own: Record<string, unknown>, tenant: SetTenant) => boolean,
): string | undefined {
  let isMended = false;
  const lines = readIn(set, args).map(({ line, tenant }) => {
    if (tenant === undefined) return line;
    const own = structuredClone(tenant.own) as Record<string, unknown>;
    if (!mend(own, tenant)) return line;
    isMended = true;
    return lineOf(tenant.externalId, own);
  });
  return isMended ? lines.join("\n") : undefined;
}

/** The lines of a set's text, each with its tenant if it can be read. */
function readIn(set: SetDefinition, args: Values): { readonly line: string; readonly tenant?: SetTenant }[] {
  const { tenants } = args;
  if (typeof tenants !== "string" || !isKnown(tenants)) return [];
  const shared = sharedIn(set, args);
  return parsed(tenants).map(({ line, tenant }) =>
    tenant === undefined
      ? { line }
      : { line, tenant: { externalId: tenant.key, own: tenant.args, args: argsOf(tenant, shared) } },
  );
}

/**
 * Reports the problems of a set's tenants: each once, with the external IDs of all tenants that have it. So ten thousand tenants
 * with one problem make one message.
 */
export class TenantProblems {
  readonly #found = new Map<string, string[]>();

  add(problem: string, externalId: string): void {
    const have = this.#found.get(problem);
    if (have) have.push(externalId);
    else this.#found.set(problem, [externalId]);
  }

  /** Each problem with whose it is, as it follows the class of the set. */
  *of(name: string): Iterable<{ readonly whose: string; readonly problem: string }> {
    const all = [...this.#found];
    for (const [problem, have] of all.slice(0, most)) yield { whose: `${name}, ${named(have.map(cellOf))}`, problem };
    const more = all.length - most;
    if (more > 0) yield { whose: name, problem: `${counted(more)} more problem${more > 1 ? "s" : ""} of tenants` };
  }
}

/** How many different problems of a set a rule reports. */
const most = 20;
interface Parsed {
  readonly line: string;
  readonly tenant?: Tenant;
}

/** Every rule reads the same text. */
let latest: { readonly text: string; readonly lines: readonly Parsed[] } | undefined;

function parsed(text: string): readonly Parsed[] {
  if (latest?.text !== text) latest = { text, lines: textIn(text).map(parsedLine) };
  return latest.lines;
}

function parsedLine(line: string): Parsed {
  try {
    return { line, tenant: readLine(line) };
  } catch {
    return { line };
  }
}
