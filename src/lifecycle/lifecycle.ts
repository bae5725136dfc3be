import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { withSharedReads } from "../api/shared-reads.ts";
import {
  called,
  type Definition,
  isReadable,
  isReplacing,
  isSetting,
  keysOf,
  makerOf,
  ownerField,
  protectionField,
  subjectOf,
  type Values,
} from "../definitions/definition.ts";
import { unmetFields, type Wants } from "../definitions/want.ts";
import { mayHaveActed, ScalekitError } from "../errors.ts";
import { claimTokenFor, newClaims, newClaimToken } from "./claims.ts";
import { convergerOf, vanished } from "./converge.ts";
import { creator } from "./create.ts";
import { upper } from "./create-errors.ts";
import { type Guarantor, stillTaken } from "./debts.ts";
import { type Declaration, declaredBy, everythingAnd, wantsOf } from "./declaration.ts";
import { type Environment, newEnvironment } from "./environment.ts";
import { handoverOf } from "./handover.ts";
import type { Journal } from "./journal.ts";
import { looksOf, timeIn } from "./looks.ts";
import { doubtIn, partialFailure } from "./partial-failure.ts";
import { replacementsOf } from "./replacement.ts";
import { untilShown } from "./staleness.ts";
import { type Notes, notesIn, type State, statesOf, withNotes } from "./state.ts";

/** What Pulumi's verbs do to the resources of one definition. No Pulumi in here: the engine's side of it is a host's. */
export type Lifecycle = ReturnType<typeof newLifecycle>;

export interface LifecycleOptions {
  readonly journal: Journal;
  /** Tells the user what would otherwise pass unseen, a line at a time. */
  readonly say?: (line: string) => void;
  readonly environment?: Environment;
}

export interface Difference {
  readonly isChanged: boolean;
  /** The changed fields that make another resource of it. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export function newLifecycle(definition: Definition, client: Client, options: LifecycleOptions) {
  const { journal, say = () => {} } = options;
  const { name, api, reserved, losing } = definition;
  const endpoints = withSharedReads(definition, client.of(definition), client);
  const environment = newEnvironment(options.environment ?? {}, (id) => subjectOf(definition, id));
  const states = statesOf(definition);
  const claims = newClaims();
  const { find, refresh, asWritten, settingOf } = looksOf(definition, { client, endpoints, journal });
  const converge = convergerOf(definition, endpoints, client);
  const handover = handoverOf(definition, { client, endpoints, journal, say });
  const replacement = replacementsOf(definition, { endpoints, converge, journal, say });
  const creation = creator(definition, { client, endpoints, handover, journal, say });
  const startsFromState = !isSetting(api) && api.update?.fromState === true;

  /** @param urn as far as it is known */
  async function create(args: Values, urn?: string): Promise<{ id: string; outs: State }> {
    const declared = declaredBy(definition, args);
    const notes: Notes = { ...environment.mark, claim: newClaimToken(urn) };
    const created = isSetting(api)
      ? { live: await settingOf(args) }
      : await replacement.create(args, urn, () => creation.create(args, urn));
    let live = created.live;
    claims.add(live.id, notes.claim);
    const outs = (more: Notes = {}) =>
      withNotes(states.stateOf(live, declared, { ...created.live, ...args }), { ...notes, ...more });
    try {
      const before = "earlier" in created && created.earlier ? everythingAnd(definition, created.earlier) : [];
      live = await reach(args, before, live, (answer) => {
        live = answer;
      });
      await replacement.finish(live.id);
    } catch (error) {
      // What every organization has was there before, and nothing came of it.
      if (isSetting(api) && live === created.live && !mayHaveActed(error)) throw error;
      await journal.entrust(live.id, name);
      throw partialFailure(error, live.id, outs(doubtIn(error)));
    }
    return { id: live.id, outs: outs() };
  }

  /** Brings what was just created to what `args` declare. */
  async function reach(args: Values, before: Declaration, created: Live, see: (answer: Live) => void): Promise<Live> {
    let live = created;
    const isOpen = unmetFields(definition, wantsOf(definition, args, before, live), live).length > 0;
    // The answer to a create may show less than a read does.
    if (isOpen && !isSetting(api) && api.query) live = (await endpoints.get(live.id)) ?? live;
    return converge(wantsOf(definition, args, before, live), live, see, true);
  }

  /** The resource as it is, and the arguments that would have made it so; nothing when it is gone. */
  async function read(id: string, state: Values) {
    // A look-up by id brings no earlier state along: it declares nothing, and everything shows.
    const isLookUp = Object.keys(state).length === 0;
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    if (!isLookUp) await journal.settle(id, name);
    // A program that looks up may have changed it a moment ago, so it is not served from a list.
    const live = isLookUp ? await find(id, state) : await asWritten(id, state, await refresh(id, state));
    if (live === undefined) {
      if (!isLookUp) await journal.reopen(id, name);
      return {};
    }
    if (isLookUp || states.isOnlyRead(state)) {
      const props = states.stateOf(live, [], {});
      // An import takes from a look-up what to declare. Refreshing a read-only resource returns no inputs, so policies ignore it.
      return { id, props, inputs: isLookUp ? states.inputsOf(live, declaredBy(definition, live)) : {} };
    }
    const declared = states.declaredIn(state);
    // A doubt that no look can end is ended by the next change.
    if (!isReadable(definition) && notes.unsure)
      return { id, props: state as State, inputs: states.inputsOf(state, declared) };
    // Only a state that says where it is goes on saying so: for the others that would be a change of their own.
    const { environment: where, claim } = notes;
    const kept = { ...(where !== undefined && environment.mark), ...(claim !== undefined && { claim }) };
    const props = withNotes(states.stateOf(live, declared, state), kept);
    return { id, props, inputs: states.inputsOf(props, declared) };
  }

  /**
   * What the program asks for otherwise than `state`, and which of that makes another resource of it. Nothing is sent.
   *
   * @param isOfProgram whether `args` are the program's of this run; a refresh compares with those of the run before
   */
  async function diff(id: string, state: Values, args: Values, isOfProgram = true): Promise<Difference> {
    await journal.settle(id, name);
    // The engine has it, so it does not go.
    await journal.unpark(id);
    const notes = notesIn(state);
    const changed = states.changedFields(state, args);
    if (isOfProgram) claims.add(id, notes.claim);
    const isChanged =
      changed.length > 0 || notes.unsure === true || (await isOwed(notes)) || (await journal.isDisplaced(id));
    const { field } = handover;
    if (isOfProgram && field !== undefined) {
      handover.expect(id, args, changed.includes(field) || (isChanged && args[field] !== undefined));
    }
    const replaces = changed.filter((field) => isReplacing(definition, field));
    // What only one can have has to be free for the new one, unless that has another. The old one may be in the way of
    // one in another organization too: where a domain is unique is not documented.
    const key = keysOf(definition)[0]?.fields ?? [];
    const own = isSetting(api) ? key : key.filter((field) => field !== ownerField);
    const deleteBeforeReplace = own.length > 0 && !own.some((field) => changed.includes(field));
    return { isChanged, replaces, deleteBeforeReplace };
  }

  const isOwed = async ({ owed }: Notes): Promise<boolean> => owed !== undefined && !(await journal.isPaid(owed));

  /**
   * @param urn as far as it is known
   * @param guarantor who answers for a key that is left for later
   */
  async function update(
    id: string,
    state: Values,
    args: Values,
    { urn, guarantor }: { readonly urn?: string | undefined; readonly guarantor?: Guarantor | undefined } = {},
  ): Promise<{ outs: State }> {
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    await journal.settle(id, name);
    const before = states.declaredIn(state);
    const declared = declaredBy(definition, args);
    // What a state says of the fields is the program's of before.
    const known = { ...states.outputsIn(state), ...args };
    const mark: Notes = { ...environment.mark, claim: claimTokenFor(urn, notes.claim) };
    let answered: Live | undefined;
    const see = (answer: Live) => {
      answered = answer;
    };
    const bring = async (part: (wants: Wants) => Wants) => {
      const live = answered ?? (await asItIs(id, state, args));
      return converge(part(wantsOf(definition, args, before, live)), live, see);
    };
    const { field = "" } = handover;
    try {
      const { reached, owed } = await handover.receive(id, args, {
        reach: () => bring((wants) => wants),
        meanwhile: () => bring(({ [field]: _, ...others }) => others),
        refused: (holder, cause) =>
          new ScalekitError(stillTaken({ subject: subjectOf(definition, id), holder: holder.id }), { cause }),
        guarantor,
      });
      const live = owed === undefined ? reached : { ...reached, [field]: owed.key };
      if (owed === undefined) await journal.markRestored(id);
      await replacement.finish(id);
      if (notes.owed !== undefined) await journal.forgive(notes.owed);
      const debt = owed === undefined ? {} : { owed: owed.nonce };
      return { outs: withNotes(states.stateOf(live, declared, known), { ...mark, ...debt }) };
    } catch (error) {
      if (answered === undefined && !mayHaveActed(error)) throw error;
      // What was declared before stays declared, so that what could not be cleared is cleared by a later `up`.
      const all = [...new Set([...before, ...declared])];
      const outs = answered === undefined ? (state as State) : states.stateOf(answered, all, state);
      throw partialFailure(error, id, withNotes(outs, { ...mark, ...doubtIn(error) }));
    }
  }

  /** @param successor the resource, by its URN, whose create is still to come in place of this one */
  async function remove(id: string, state: Values, successor?: string): Promise<void> {
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    await journal.settle(id, name);
    if (claims.isElsewhere(id, notes)) {
      say(`Left ${called(definition, id)} at Scalekit, since another resource of this stack has it.`);
      return;
    }
    if (makerOf(definition) !== undefined) {
      endpoints.requireId(id);
      say(`Left ${called(definition, id)} at Scalekit as it is, since no program makes or deletes one.`);
      return;
    }
    if (reserved?.(state)) {
      say(`Left ${called(definition, id)} at Scalekit, since it is Scalekit's own.`);
      return;
    }
    if (isProtected(state)) throw protectedFromDeletion(definition, id);
    if (successor !== undefined && replacement.canPark) {
      // Another resource may get what it has.
      handover.expect(id, {}, true);
      return replacement.park(id, successor);
    }
    await untilShown(client, () => find(id, state), [timeIn(state, "createTime"), await journal.madeAt(id, name)]);
    await endpoints.remove(id);
    await journal.unpark(id);
    await replacement.finish(id);
    await journal.markRestored(id);
  }

  const isProtected = (state: Values): boolean =>
    losing !== undefined && (state[protectionField] ?? definition.fields[protectionField]?.fallback) === true;

  /** What to start an update from: where that may be the state, what that says, unless it is not all there is or in doubt. */
  async function asItIs(id: string, state: Values, args: Values): Promise<Live> {
    const { unsure, owed } = notesIn(state);
    const isKnown = !unsure && owed === undefined && !(await journal.isDisplaced(id));
    if (startsFromState && isKnown && !hidesEntries(state) && !hidesEntries(args)) return states.remembered(id, state);
    const live = await asWritten(id, state, await find(id, state));
    if (live === undefined) throw vanished(definition, id);
    return live;
  }

  /** Whether a state shows just the entries of a map that the program declares. */
  const hidesEntries = (values: Values): boolean =>
    Object.values(definition.fields).some(
      ({ rule }) => rule.type === "map" && rule.ownedBy !== undefined && values[rule.ownedBy] === "declared",
    );

  return { previewCreate: creation.previewCreate, create, read, diff, update, remove };
}

const protectedFromDeletion = (definition: Definition, id: string): ScalekitError =>
  new ScalekitError(
    `${upper(subjectOf(definition, id))} is protected from deletion, which would take ${definition.losing}. ` +
      "To delete it, set `deletionProtection: false` on its resource, run `pulumi up`, and then take it out of the program. " +
      "To leave it at Scalekit and only forget it, use `retainOnDelete`.",
  );
