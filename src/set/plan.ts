import { ScalekitError } from "../errors.ts";
import { readLine, type Tenant } from "./line.ts";
import type { Member } from "./members.ts";

/** What a run has to do to bring a set's organizations to what its text says. */
export interface Plan {
  readonly create: readonly Listed[];
  readonly update: readonly Update[];
  readonly remove: readonly Member[];
  /** The members that leave the set for another resource of the program. */
  readonly leave: readonly Member[];
  /** How many stay as they are. */
  readonly unchanged: number;
}

export interface Update {
  readonly member: Member;
  readonly tenant: Listed;
}

/** A tenant, with the line that says it. */
export interface Listed extends Tenant {
  readonly line: string;
}

export const sizeOf = ({ create, update, remove }: Plan): number => create.length + update.length + remove.length;

/**
 * Compares the members with the lines of the text. A tenant is recognized by its external ID, or by the one that it had: a
 * `formerExternalId` counts in the run in which it is new, and says nothing once the state has it.
 *
 * @param isRedone whether all are updated, whatever their lines say
 */
export function planOf(
  members: ReadonlyMap<string, Member>,
  lines: ReadonlyMap<string, string>,
  { isRedone = false } = {},
): Plan {
  const renamed = renamesIn(members, lines);
  const left = new Set([...renamed.values()].map(({ key }) => key));
  const create: Listed[] = [];
  const update: Update[] = [];
  let unchanged = 0;
  for (const [key, line] of lines) {
    const member = renamed.get(key) ?? (left.has(key) ? undefined : members.get(key));
    if (member === undefined) create.push({ ...readLine(line), line });
    else if (isRedone || member.isUnsure || member.line !== line)
      update.push({ member, tenant: { ...readLine(line), line } });
    else unchanged++;
  }
  const remove = [...members.values()].filter(({ key }) => !lines.has(key) && !left.has(key));
  requireRoom(members, renamed, left);
  return { create, update, remove, leave: [], unchanged };
}

/** The members that get another key, by that. */
function renamesIn(members: ReadonlyMap<string, Member>, lines: ReadonlyMap<string, string>): Map<string, Member> {
  const renamed = new Map<string, Member>();
  for (const [key, line] of lines) {
    if (!line.includes(`${formerField}=`)) continue;
    const former = formerOf(line);
    if (former === undefined || isDone(key, former)) continue;
    const member = members.get(former);
    const its = lines.get(former);
    // It got this key by a `formerExternalId` that the list still has, so the list means another.
    if (member === undefined || (its !== undefined && isDone(former, formerOf(its)))) continue;
    renamed.set(key, member);
  }
  return renamed;

  function isDone(key: string, former: string | undefined): boolean {
    const member = members.get(key);
    return former !== undefined && member !== undefined && formerOf(member.line) === former;
  }
}

/** An organization must not lose its external ID to another before its delete. */
function requireRoom(
  members: ReadonlyMap<string, Member>,
  renamed: ReadonlyMap<string, Member>,
  left: ReadonlySet<string>,
): void {
  const taken = [...renamed.keys()].find((key) => members.has(key) && !left.has(key));
  if (taken !== undefined)
    throw new ScalekitError(
      `The organization with the external ID ${taken} is in the set, and ${formerField} gives this external ID to another. Give it ` +
        `a new one with a ${formerField} of its own, or take it out of the list and run \`pulumi up\` first. Nothing was changed.`,
    );
}

/** The argument by which a tenant says what its external ID was. */
export const formerField = "formerExternalId";

/** The arguments of a tenant that Scalekit does not know, so that no read shows them. */
export const unread: readonly string[] = ["adopt", "deletionProtection", "metadataOwnership", formerField];

const formerOf = (line: string): string | undefined => readLine(line).args[formerField] as string | undefined;
