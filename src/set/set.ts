import { randomUUID } from "node:crypto";
import type { Client } from "../api/client.ts";
import type { Values } from "../definitions/definition.ts";
import type { SetDefinition } from "../definitions/organization-set.ts";
import { nameIn } from "../definitions/tokens.ts";
import { unknown } from "../definitions/want.ts";
import { ScalekitError } from "../errors.ts";
import { newClaimToken } from "../lifecycle/claims.ts";
import type { Difference } from "../lifecycle/difference.ts";
import { type Environment, newEnvironment } from "../lifecycle/environment.ts";
import type { Journal } from "../lifecycle/journal.ts";
import { newLifecycle } from "../lifecycle/lifecycle.ts";
import { partialFailure } from "../lifecycle/partial-failure.ts";
import type { State } from "../lifecycle/state.ts";
import type { Telling } from "../lifecycle/telling.ts";
import { type Applied, applyPlan } from "./apply.ts";
import { readLine } from "./line.ts";
import { idsIn, linesIn, type Member, membersIn, type SetNotes, setNotesIn, sharedIn, stateOfSet } from "./members.ts";
import { type Plan, planOf, sizeOf } from "./plan.ts";
import { newProgress } from "./progress.ts";
import { requireUnprotected } from "./protection.ts";
import { readMembers } from "./refresh.ts";
import { findTakeovers } from "./takeovers.ts";
import { aboutFailures, aboutPlan, newExcerpt } from "./telling.ts";

export interface SetOptions extends Partial<Telling> {
  readonly journal: Journal;
  readonly environment?: Environment;
  /** Whether the engine asked the run to stop. What is under way is finished and saved. */
  readonly isStopped?: () => boolean;
  /** Whether another resource of this program declares an organization with these arguments. */
  readonly isDeclared?: (args: Values) => boolean;
}

/** What Pulumi's verbs do to a set of organizations. Each member goes through the lifecycle of its definition. */
export function newSet(definition: SetDefinition, client: Client, options: SetOptions) {
  const { journal, say = () => {}, isStopped = () => false, isDeclared = () => false, importing } = options;
  const { members: kind } = definition;
  const excerpt = newExcerpt(say);
  const environment = newEnvironment(options.environment ?? {}, () => definition.noun);
  const lifecycle = newLifecycle(kind, client, {
    journal,
    say: excerpt.say,
    ...(options.environment && { environment: options.environment }),
    ...(importing && { importing }),
  });

  const urnOf = (urn: string | undefined) => (key: string) => urn && `${urn}//${encodeURIComponent(key)}`;

  /** What a run would do to the set. A new set has no state. */
  async function planned(members: ReadonlyMap<string, Member>, state: Values, inputs: Values): Promise<Plan> {
    const isRedone = state["metadataOwnership"] !== inputs["metadataOwnership"] && "tenants" in state;
    return leaving(planOf(members, linesIn(inputs["tenants"]), { isRedone }), setNotesIn(state));
  }

  /** The plan without deletes of what another resource of the program has, or will have. */
  async function leaving(plan: Plan, notes: SetNotes): Promise<Plan> {
    const leave = new Set<Member>();
    for (const member of plan.remove) {
      const isElsewhere = isDeclared(readLine(member.line).args) || (await lifecycle.isElsewhere(member.id, notes));
      if (isElsewhere) leave.add(member);
    }
    return { ...plan, leave: [...leave], remove: plan.remove.filter((member) => !leave.has(member)) };
  }

  /** Says at preview what will happen to which tenants. Throws for what a run would refuse. */
  async function preview(state: Values, inputs: Values, urn: string | undefined): Promise<void> {
    if (inputs["tenants"] === unknown) return;
    const plan = await planned(membersIn(state), state, inputs);
    requireUnprotected(definition, state, plan.remove);
    const shared = sharedIn(definition, inputs);
    const takeovers = await findTakeovers(plan, {
      endpoints: client.of(kind),
      journal,
      urnOf: urnOf(urn),
      isAdopting: ({ args }) => (args["adopt"] ?? shared["adopt"]) === true,
    });
    say(aboutPlan(nameOf(urn), plan, takeovers));
  }

  /** What is declared differently from `state`. Nothing is sent. */
  async function diff(state: Values, inputs: Values): Promise<Difference> {
    await journal.settleAll(idsIn(state), kind.name);
    const isSame = Object.keys(definition.fields).every((name) => isEqual(definition, name, state, inputs));
    const isChanged = !isSame || setNotesIn(state).unsure !== undefined || inputs["tenants"] === unknown;
    return { isChanged, replaces: [], deleteBeforeReplace: false };
  }

  async function create(inputs: Values, urn: string | undefined): Promise<{ id: string; state: State }> {
    const notes = { ...environment.mark, claim: newClaimToken(urn) };
    const id = `set_${randomUUID()}`;
    const state = await bring(id, {}, inputs, notes, urn);
    return { id, state };
  }

  async function update(id: string, state: Values, inputs: Values, urn?: string): Promise<{ state: State }> {
    const notes = setNotesIn(state);
    environment.requireHere(id, notes);
    const { claim = newClaimToken(urn) } = notes;
    return { state: await bring(id, state, inputs, { ...environment.mark, claim }, urn) };
  }

  /** Brings the set from `state` to what `inputs` declare. Throws an error with what was done if that is not all. */
  async function bring(id: string, state: Values, inputs: Values, notes: SetNotes, urn: string | undefined) {
    const before = membersIn(state);
    const plan = await planned(before, state, inputs);
    requireUnprotected(definition, state, plan.remove);
    const applied = await carryOut(before, plan, { state, inputs, notes, urn });
    const reached = stateOfSet(definition, applied.members.values(), inputs, notes);
    if (applied.failures.length + applied.left === 0) return reached;
    const error = new ScalekitError(aboutFailures(sizeOf(plan), applied));
    // Nothing was made, so there is nothing to save.
    if (before.size === 0 && applied.members.size === 0) throw error;
    throw partialFailure(error, id, reached);
  }

  async function carryOut(
    before: ReadonlyMap<string, Member>,
    plan: Plan,
    { state, inputs, notes, urn }: { state: Values; inputs: Values; notes: SetNotes; urn?: string | undefined },
  ): Promise<Applied> {
    const name = nameOf(urn);
    const progress = newProgress(name, sizeOf(plan), say);
    try {
      return await applyPlan(before, plan, {
        lifecycle,
        notes,
        shared: sharedIn(definition, inputs),
        sharedBefore: sharedIn(definition, state),
        progress,
        width,
        say: excerpt.say,
        urnOf: urnOf(urn),
        isStopped,
      });
    } finally {
      progress.end();
      excerpt.end(name);
    }
  }

  /** The set as it is, and the arguments that would give this result. */
  async function read(id: string, state: Values): Promise<{ state: State; inputs: Values }> {
    const notes = setNotesIn(state);
    environment.requireHere(id, notes);
    const shared = sharedIn(definition, state);
    const members = await readMembers(lifecycle, membersIn(state), shared, notes);
    const kept = { ...(notes.environment !== undefined && environment.mark), claim: notes.claim };
    const found = stateOfSet(definition, members.values(), state, kept as SetNotes);
    return { state: found, inputs: { ...shared, tenants: found["tenants"] } };
  }

  async function remove(id: string, state: Values, urn?: string): Promise<void> {
    const notes = setNotesIn(state);
    environment.requireHere(id, notes);
    const members = membersIn(state);
    const plan = await leaving(planOf(members, new Map()), notes);
    requireUnprotected(definition, state, plan.remove);
    const applied = await carryOut(members, plan, { state, inputs: state, notes, urn });
    if (applied.failures.length + applied.left > 0) throw new ScalekitError(aboutFailures(sizeOf(plan), applied));
  }

  return { preview, diff, create, update, read, remove };
}

export type OrganizationSet = ReturnType<typeof newSet>;

const isEqual = ({ fields }: SetDefinition, name: string, state: Values, inputs: Values): boolean =>
  (state[name] ?? fields[name]?.fallback) === (inputs[name] ?? fields[name]?.fallback);

const nameOf = (urn: string | undefined): string => (urn === undefined ? "The set" : nameIn(urn));

/** How many organizations are worked on at once. How many requests leave is the client's matter. */
const width = 64;
