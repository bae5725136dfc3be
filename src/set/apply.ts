import { isApiError, isTransportError } from "../errors.ts";
import type { Lifecycle } from "../lifecycle/lifecycle.ts";
import { notesIn, type State } from "../lifecycle/state.ts";
import { lineOf, readLine } from "./line.ts";
import { argsOf, type Member, type SetNotes, stateOfMember } from "./members.ts";
import { type Listed, type Plan, type Update, unread } from "./plan.ts";
import { inPool } from "./pool.ts";
import type { Progress } from "./progress.ts";

export interface ApplyOptions {
  readonly lifecycle: Lifecycle;
  readonly notes: SetNotes;
  /** What holds for every tenant, in this run and in the one before. */
  readonly shared: State;
  readonly sharedBefore: State;
  readonly progress: Progress;
  /** How many organizations are worked on at once. */
  readonly width: number;
  say(line: string): void;
  urnOf(key: string): string | undefined;
  /** Whether the run was asked to stop. */
  isStopped(): boolean;
}

export interface Applied {
  /** The members as they are now, by key. */
  readonly members: Map<string, Member>;
  readonly failures: readonly Failure[];
  /** How many were not begun. */
  readonly left: number;
}

export interface Failure {
  readonly key: string;
  readonly error: unknown;
}

/**
 * Creates, updates and then deletes what the plan says, many side by side. A failure of one stops no other, unless
 * nothing gets through any more.
 */
export async function applyPlan(
  before: ReadonlyMap<string, Member>,
  plan: Plan,
  options: ApplyOptions,
): Promise<Applied> {
  const { lifecycle, notes, shared, sharedBefore, progress, width, say, urnOf, isStopped } = options;
  const members = new Map(before);
  const failures: Failure[] = [];
  const stuck: Update[] = [];
  let begun = 0;
  let vainInARow = 0;
  const isOver = (): boolean => isStopped() || vainInARow >= 3 * width;

  async function attempt(key: string, act: () => Promise<void>): Promise<void> {
    begun++;
    try {
      await act();
      vainInARow = 0;
    } catch (error) {
      vainInARow = isVain(error) ? vainInARow + 1 : 0;
      failures.push({ key, error });
    }
    progress.step();
  }

  async function create(tenant: Listed): Promise<void> {
    const { key } = tenant;
    const args = argsOf(tenant, shared);
    try {
      const { id, outs } = await lifecycle.create(args, urnOf(key), notes.claim);
      members.set(key, memberOf(tenant, id, outs));
    } catch (error) {
      const half = halfDoneIn(error);
      if (half) members.set(key, observed(tenant, half.id, half.properties));
      throw error;
    }
  }

  async function update({ member, tenant }: Update): Promise<void> {
    const { key } = tenant;
    const state = stateOfMember(member, sharedBefore, notes);
    const oldInputs = argsOf(readLine(member.line), sharedBefore);
    try {
      const { outs } = await lifecycle.update(member.id, state, argsOf(tenant, shared), { urn: urnOf(key), oldInputs });
      moved(member, memberOf(tenant, member.id, outs));
    } catch (error) {
      const half = halfDoneIn(error);
      if (member.key !== key) stuck.push({ member, tenant });
      else if (half) members.set(key, observed(tenant, member.id, half.properties));
      throw error;
    }
  }

  function moved(from: Member, to: Member): void {
    if (from.key !== to.key && members.get(from.key)?.id === from.id) members.delete(from.key);
    members.set(to.key, to);
  }

  /**
   * A member that did not get its new key keeps its old one, unless that went to another. Either way the next run reads
   * the organization and does the rest.
   */
  function keepStuck(): void {
    for (const { member, tenant } of stuck) {
      const isTaken = members.get(member.key)?.id !== member.id;
      const { key } = isTaken ? tenant : member;
      members.set(key, { ...member, key, line: isTaken ? tenant.line : member.line, isUnsure: true });
    }
  }

  async function remove(member: Member): Promise<void> {
    await lifecycle.remove(member.id, stateOfMember(member, sharedBefore, notes));
    members.delete(member.key);
  }

  // This notes first who gives an external ID up, before anybody asks for that ID.
  for (const { member, tenant } of plan.update) {
    await lifecycle.diff(member.id, stateOfMember(member, sharedBefore, notes), argsOf(tenant, shared));
  }
  const makes = [
    ...plan.create.map((tenant) => ({ key: tenant.key, act: () => create(tenant) })),
    ...plan.update.map((one) => ({ key: one.tenant.key, act: () => update(one) })),
  ];
  await inPool(makes, width, ({ key, act }) => attempt(key, act), isOver);
  keepStuck();
  for (const { key, id } of plan.leave) {
    if (members.get(key)?.id === id) members.delete(key);
    say(`Left ${id} at Scalekit, since another resource of this stack declares it.`);
  }
  await inPool(plan.remove, width, (member) => attempt(member.key, () => remove(member)), isOver);
  return { members, failures, left: makes.length + plan.remove.length - begun };
}

const memberOf = ({ key, line }: Listed, id: string, outs: State): Member => ({
  key,
  id,
  line,
  updateTime: outs["updateTime"] as string | undefined,
});

/** A member that was changed only in part: what its error's state shows of the declared values. */
function observed(tenant: Listed, id: string, properties: State): Member {
  const { key, args } = tenant;
  // What only the provider knows is as the program says.
  const shown = Object.entries(args).map(([name, value]) => [name, unread.includes(name) ? value : properties[name]]);
  const isUnsure = notesIn(properties).unsure === true;
  const line = lineOf(key, Object.fromEntries(shown));
  return { key, id, line, updateTime: properties["updateTime"] as string | undefined, isUnsure };
}

/** What an error leaves in the state: see lifecycle/partial-failure.ts. */
function halfDoneIn(error: unknown): { id: string; properties: State } | undefined {
  const { id, properties } = error as { id?: string; properties?: State };
  return id === undefined || properties === undefined ? undefined : { id, properties };
}

/** Whether the next request would fail for the same reason. */
const isVain = (error: unknown): boolean =>
  isTransportError(error) || (isApiError(error) && ([401, 403].includes(error.status) || error.status >= 500));
