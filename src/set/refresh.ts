import type { Values } from "../definitions/definition.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { lineOf, readLine } from "./line.ts";
import { argsOf, type Member, type SetNotes, stateOfMember } from "./members.ts";
import { unread } from "./plan.ts";
import { inPool } from "./pool.ts";

/** The members as they are at Scalekit, without those that are gone. Reads at the same time share pages of the list. */
export async function readMembers(
  lifecycle: Pick<Lifecycle, "read">,
  members: ReadonlyMap<string, Member>,
  shared: Values,
  notes: SetNotes,
): Promise<Map<string, Member>> {
  const found = new Map<string, Member>();
  let failed: { readonly error: unknown } | undefined;
  async function readOne(member: Member): Promise<void> {
    const tenant = readLine(member.line);
    try {
      const now = await lifecycle.read(member.id, stateOfMember(member, shared, notes), argsOf(tenant, shared));
      if (now.id !== undefined) found.set(member.key, asFound(member, tenant.args, now));
    } catch (error) {
      failed ??= { error };
    }
  }
  await inPool(members.values(), width, readOne, () => failed !== undefined);
  if (failed) throw failed.error;
  return found;
}

/** Takes the arguments that Scalekit keeps from what was found, and those that only the provider knows from the program. */
function asFound(member: Member, declared: Values, { props, inputs }: { props: Values; inputs: Values }): Member {
  const { key, id } = member;
  const args: Record<string, unknown> = { ...inputs };
  for (const name of unread) args[name] = declared[name];
  return { key, id, line: lineOf(key, args), updateTime: props["updateTime"] as string | undefined };
}

/** So many reads at once that each page serves many of them. */
const width = 5000;
