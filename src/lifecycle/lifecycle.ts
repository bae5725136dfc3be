import type { Client } from "../api/client.ts";
import { withSharedReads } from "../api/shared-reads.ts";
import { mayHaveActed, ScalekitError } from "../errors.ts";
import type { Organization, OrganizationArgs } from "../schema.ts";
import { unknown } from "./check.ts";
import { converger, type Goal, vanished } from "./converge.ts";
import { creator } from "./create.ts";
import { type Guarantor, stillTaken } from "./debts.ts";
import {
  type Args,
  type Declaration,
  declarationIn,
  declarationOf,
  everythingAnd,
  firstFields,
  isOnlyRead,
  nothing,
} from "./declaration.ts";
import { type Environment, newEnvironment } from "./environment.ts";
import { goalOf } from "./goal.ts";
import { handovers } from "./handover.ts";
import { claimFor, newClaim, newHolders } from "./holders.ts";
import type { Journal } from "./journal.ts";
import { organizationKind } from "./organization-kind.ts";
import { replacements } from "./replacement.ts";
import { isOlder, untilCurrent, untilShown } from "./staleness.ts";
import { changedFields, inputs, outputs, remembered, type State } from "./state.ts";
import { claimIn, doubtIn, keeping } from "./unfinished.ts";

/** What Pulumi's verbs do to one organization. No Pulumi in here: the engine's side of it is provider.ts. */
export type Lifecycle = ReturnType<typeof organizationLifecycle>;

export interface LifecycleOptions {
  readonly journal: Journal;
  /** Tells the user what would otherwise pass unseen, a line at a time. */
  readonly say?: (line: string) => void;
  readonly environment?: Environment;
}

export function organizationLifecycle(plain: Client, options: LifecycleOptions) {
  const client = withSharedReads(plain);
  const { journal, say = () => {} } = options;
  const environment = newEnvironment(options.environment ?? {});
  const converge = converger(client);
  const handover = handovers(client, journal, say);
  const holders = newHolders();
  const current = untilCurrent(client);
  const replacement = replacements({ client, converge, journal, say });
  const make = creator(organizationKind(client, handover), { client, journal, say });

  /** Tells, before anything is made, which organization a create of `args` would adopt. */
  async function foresee({ adopt, externalId }: Args): Promise<void> {
    if (adopt !== true || typeof externalId !== "string" || externalId === unknown) return;
    const existing = await client.getByExternalId(externalId);
    if (existing)
      say(`${existing.id}, created ${existing.createTime ?? "earlier"}, is to be adopted by its external ID.`);
  }

  /** @param owner the resource's URN, as far as it is known */
  async function create(args: OrganizationArgs, owner?: string): Promise<{ id: string; outs: State }> {
    const declared = declarationOf(args);
    const claim = newClaim(owner);
    const made = await replacement.create(args, owner, () => make(args, owner));
    let live = made.live;
    holders.hold(live.id, claim);
    try {
      const see = (answer: Organization) => {
        live = answer;
      };
      live = await converge(goalOf(args, made.earlier ? everythingAnd(made.earlier) : nothing, live), live, see, true);
      await replacement.finish(live.id);
    } catch (error) {
      throw keeping(error, live.id, { ...outputs(live, declared), ...doubtIn(error), ...environment.mark, claim });
    }
    return { id: live.id, outs: { ...outputs(live, declared), ...environment.mark, claim } };
  }

  /** The organization as it is, and the arguments that would have made it so; nothing when it is gone. */
  async function read(id: string, state: State) {
    // A look-up by id brings no earlier state along: it declares nothing, and everything is shown.
    const lookedUp = state.displayName === undefined;
    environment.demand(id, state);
    if (!lookedUp) await journal.settle(id);
    // A program that looks up may have changed the organization itself a moment ago, so it is not served from a list.
    const live = await (lookedUp ? client.get(id) : asWritten(id, state, await client.refresh(id, state)));
    if (live === undefined) {
      if (!lookedUp) await journal.reopen(id);
      return {};
    }
    if (lookedUp || isOnlyRead(state)) {
      const all = declarationOf(shownToLookUps(live));
      const props = { ...outputs(live, all), undeclared: firstFields };
      // An import takes what it is to declare from a look-up. A refresh is told nothing that a policy would hold against the program.
      return { id, props, inputs: inputs(live, lookedUp ? all : nothing) };
    }
    const declared = declarationIn(state);
    // Only a state that says where it is goes on saying so: for the others that would be a change of their own.
    const mark = state.environment === undefined ? {} : environment.mark;
    return { id, props: { ...outputs(live, declared), ...mark, ...claimIn(state) }, inputs: inputs(live, declared) };
  }

  /**
   * Whether the program asks for something else than `state`, or what Scalekit has is not known. Nothing is sent.
   *
   * @param declared whether `args` are the program's of this run; a refresh compares with those of the run before
   */
  async function diff(id: string, state: State, args: Args, declared = true): Promise<boolean> {
    await journal.settle(id);
    // The engine has it, so it does not go.
    await journal.unpark(id);
    const changed = changedFields(state, args);
    if (declared) holders.hold(id, state.claim);
    const isToCome =
      changed.length > 0 || state.unsure === true || (await isOwed(state)) || (await journal.isDisplaced(id));
    const moves = changed.includes("externalId") || (isToCome && args.externalId !== undefined);
    if (declared) handover.expect(id, args.externalId, moves);
    return isToCome;
  }

  const isOwed = async ({ owed }: State): Promise<boolean> => owed !== undefined && !(await journal.isPaid(owed));

  /**
   * @param guarantor who answers for an external ID that is left for later
   * @param owner the resource's URN, as far as it is known
   */
  async function update(
    id: string,
    state: State,
    args: OrganizationArgs,
    guarantor?: Guarantor,
    owner?: string,
  ): Promise<{ outs: State }> {
    environment.demand(id, state);
    await journal.settle(id);
    const before = declarationIn(state);
    const declared = declarationOf(args);
    let answered: Organization | undefined;
    const see = (answer: Organization) => {
      answered = answer;
    };
    const bring = async (part: (goal: Goal) => Goal) => {
      const known = answered ?? (await asItIs(id, state, declared));
      return converge(part(goalOf(args, before, known)), known, see);
    };
    const refused = (holder: Organization, cause: unknown) => new ScalekitError(stillTaken(id, holder.id), { cause });
    try {
      const { reached, owed } = await handover.receive(id, args.externalId, {
        reach: () => bring((goal) => goal),
        meanwhile: () => bring(({ externalId: _, ...others }) => others),
        refused,
        guarantor,
      });
      const live = owed === undefined ? reached : { ...reached, externalId: owed.externalId };
      if (owed === undefined) await journal.replace(id);
      await replacement.finish(id);
      if (state.owed !== undefined) await journal.forgive(state.owed);
      const debt = owed === undefined ? {} : { owed: owed.nonce };
      const claim = claimFor(owner, state.claim);
      return { outs: { ...outputs(live, declared), ...debt, ...environment.mark, claim } };
    } catch (error) {
      // What was declared before stays declared, so that what could not be cleared is cleared by a later `up`.
      const fields = union(before.fields, declared.fields);
      const metadataKeys = union(before.metadataKeys, declared.metadataKeys);
      const featureNames = union(before.featureNames, declared.featureNames);
      if (answered === undefined && !mayHaveActed(error)) throw error;
      const outs =
        answered === undefined ? state : outputs(answered, { ...before, fields, metadataKeys, featureNames });
      throw keeping(error, id, { ...outs, ...doubtIn(error), ...environment.mark, ...claimIn(state) });
    }
  }

  /** @param successor the resource, by its URN, whose create is still to come in place of this one */
  async function remove(id: string, state: State, successor?: string): Promise<void> {
    environment.demand(id, state);
    await journal.settle(id);
    if (holders.elsewhere(id, state)) {
      say(`Left ${id} at Scalekit, since another resource of this stack has it.`);
      return;
    }
    if (declarationIn(state).deletionProtection) throw protectedFromDeletion(id);
    if (successor !== undefined) {
      // Another resource may be to get what it has.
      handover.expect(id, undefined, true);
      return replacement.park(id, successor);
    }
    await untilShown(client, () => client.get(id), [state.createTime, await journal.madeAt(id)]);
    await client.remove(id);
    await journal.unpark(id);
    await replacement.finish(id);
    await journal.replace(id);
  }

  /** What to start an update from: what the state says, unless that is known not to be all, or not to be so. */
  async function asItIs(id: string, state: State, declared: Declaration): Promise<Organization> {
    const owned = state.metadataOwnership === "declared" || declared.metadataOwnership === "declared";
    const isKnown = !state.unsure && state.owed === undefined && !(await journal.isDisplaced(id));
    if (!owned && isKnown) return remembered(id, state);
    const live = await asWritten(id, state, await client.get(id));
    if (live === undefined) throw vanished(id);
    return live;
  }

  /** The organization as it is by `first`, or by a later look where that does not show yet what `state` was saved from. */
  const asWritten = async (id: string, state: State, first: Organization | undefined) =>
    current({
      first,
      ask: () => client.get(id),
      isCurrent: (live) => live !== undefined && !isOlder(live.updateTime, state.updateTime),
      written: [state.updateTime, state.createTime, await journal.madeAt(id)],
    });

  return { foresee, create, read, diff, update, remove };
}

const union = <T>(a: readonly T[], b: readonly T[]): T[] => [...new Set([...a, ...b])];

const shownToLookUps = ({ displayName, externalId, metadata }: Organization): Args => ({
  displayName,
  externalId,
  metadata,
});

const protectedFromDeletion = (id: string): ScalekitError =>
  new ScalekitError(
    `Organization ${id} is protected from deletion, which would take its connections and directories along. ` +
      "To delete it, set `deletionProtection: false` on its resource, run `pulumi up`, and then take it out of the program. " +
      "To leave it at Scalekit and only forget it, use `retainOnDelete`.",
  );
