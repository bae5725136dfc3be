import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import { withSharedReads } from "../api/shared-reads.ts";
import {
  called,
  type Definition,
  isReadable,
  isSetting,
  makerOf,
  subjectOf,
  type Values,
} from "../definitions/definition.ts";
import { unmetFields } from "../definitions/want.ts";
import { mayHaveActed, ScalekitError } from "../errors.ts";
import { claimTokenFor, newClaims, newClaimToken } from "./claims.ts";
import { convergerOf, goneError } from "./converge.ts";
import { creator } from "./create.ts";
import { type Guarantor, stillTaken } from "./debts.ts";
import { declarable } from "./declarable.ts";
import { type Declaration, declaredBy, everythingAnd, hidesEntries, wantsOf } from "./declaration.ts";
import { consequencesOf, type Difference } from "./difference.ts";
import { type Environment, newEnvironment } from "./environment.ts";
import { handoverOf } from "./handover.ts";
import type { Journal } from "./journal.ts";
import { looksOf, timeIn } from "./looks.ts";
import { doubtIn, partialFailure } from "./partial-failure.ts";
import { previewOf } from "./preview.ts";
import { newProtection } from "./protection.ts";
import { replacementsOf } from "./replacement.ts";
import { untilShown } from "./staleness.ts";
import { isOnlyRead, type Notes, notesIn, readOnlyKey, type State, statesOf, withNotes } from "./state.ts";
import { byOwnCommand, type Telling } from "./telling.ts";

/** What Pulumi's verbs do to the resources of one definition. This layer knows nothing of Pulumi; a host adapts it. */
export type Lifecycle = ReturnType<typeof newLifecycle>;

export interface LifecycleOptions extends Partial<Telling> {
  readonly journal: Journal;
  readonly environment?: Environment;
}

export interface UpdateOptions {
  /** As far as it is known. */
  readonly urn?: string | undefined;
  /** Fails the run if a key that is left for later is never given. */
  readonly guarantor?: Guarantor | undefined;
  readonly oldInputs?: Values | undefined;
}

export function newLifecycle(definition: Definition, client: Client, options: LifecycleOptions) {
  const { journal, say = () => {}, importing = byOwnCommand } = options;
  const { name, api, reserved } = definition;
  const endpoints = withSharedReads(definition, client.of(definition), client);
  const environment = newEnvironment(options.environment ?? {}, (id) => subjectOf(definition, id));
  const states = statesOf(definition);
  const claims = newClaims(name, journal);
  const protection = newProtection(definition);
  const { find, refresh, rereadIfStale, settingOf } = looksOf(definition, { client, endpoints, journal, states });
  const converge = convergerOf(definition, endpoints, client);
  const handover = handoverOf(definition, { client, endpoints, journal, say });
  const replacement = replacementsOf(definition, { endpoints, converge, journal, say, importing });
  const creation = creator(definition, { client, endpoints, handover, journal, say, importing });
  const preview = previewOf(definition, { client, endpoints, handover, journal, say, importing });
  const startsFromState = !isSetting(api) && api.update?.fromState === true;

  /** @param urn as far as it is known; `claim` is a set's, if it is a member of one */
  async function create(args: Values, urn?: string, claim = newClaimToken(urn)): Promise<{ id: string; outs: State }> {
    const declared = declaredBy(definition, args);
    const notes: Notes = { ...environment.mark, claim };
    const created = isSetting(api)
      ? { live: await settingOf(args) }
      : await replacement.create(args, urn, () => creation.create(args, urn));
    let live = created.live;
    await claims[isSetting(api) || args["adopt"] === true ? "takeOver" : "add"](live.id, notes.claim);
    const outs = (more: Notes = {}) =>
      withNotes(states.stateOf(live, declared, { ...created.live, ...args }), { ...notes, ...more });
    try {
      const before = "earlier" in created && created.earlier ? everythingAnd(definition, created.earlier) : [];
      live = await reach(args, before, live, (answer) => {
        live = answer;
      });
      await replacement.finish(live.id);
    } catch (error) {
      // A setting existed before, and nothing of it was changed.
      if (isSetting(api) && live === created.live && !mayHaveActed(error)) throw error;
      await journal.markReported(live.id, name);
      throw partialFailure(error, live.id, outs(doubtIn(error)));
    }
    return { id: live.id, outs: outs() };
  }

  /** Brings a new object to what `args` declare. */
  async function reach(args: Values, before: Declaration, created: Live, see: (answer: Live) => void): Promise<Live> {
    let live = created;
    const isOpen = unmetFields(definition, wantsOf(definition, args, before, live), live).length > 0;
    // The answer to a create may show less than a read does.
    if (isOpen && !isSetting(api) && api.query) live = (await endpoints.get(live.id)) ?? live;
    return converge(wantsOf(definition, args, before, live), live, see, true);
  }

  /**
   * The resource as it is, and the arguments that would give this result; nothing when it is gone.
   *
   * @param oldInputs here and below the arguments of the run before, as far as the host gives them
   */
  async function read(id: string, state: Values, oldInputs?: Values) {
    // A look-up by id has no earlier state. It declares nothing, so every field is shown.
    const isLookUp = Object.keys(state).length === 0;
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    if (!isLookUp) await journal.settle(id, name);
    // The program may have changed it a moment ago, so a look-up never reads it from a list.
    const live = isLookUp ? await find(id, state) : await rereadIfStale(id, state, await refresh(id, state));
    if (live === undefined) {
      if (!isLookUp) await journal.reopen(id, name);
      return {};
    }
    if (isLookUp || isOnlyRead(state)) {
      const props: State = { ...states.stateOf(live, [], {}), [readOnlyKey]: true };
      // An import takes its inputs from a look-up. Refreshing a read-only resource returns no inputs, so policies ignore it.
      return { id, props, inputs: isLookUp ? declarable(definition, live).args : {} };
    }
    const declared = states.declaredIn(state, oldInputs);
    // No read can settle this doubt, so the next change does.
    if (!isReadable(definition) && notes.unsure)
      return { id, props: state as State, inputs: states.inputsOf(state, declared) };
    // A state without an environment stays without one, because adding it would show as a change.
    const { environment: where, claim } = notes;
    const kept = { ...(where !== undefined && environment.mark), ...(claim !== undefined && { claim }) };
    const props = withNotes(states.stateOf(live, declared, state), kept);
    return { id, props, inputs: states.inputsOf(props, declared) };
  }

  /**
   * What the program declares differently from `state`, and which of those fields replace the resource. Nothing is sent.
   *
   * @param isOfProgram whether `args` come from this run's program; a refresh compares with those of the run before
   */
  async function diff(
    id: string,
    state: Values,
    args: Values,
    { isOfProgram = true, oldInputs }: { readonly isOfProgram?: boolean; readonly oldInputs?: Values | undefined } = {},
  ): Promise<Difference> {
    await journal.settle(id, name);
    // The engine has it in the state, so it is not deleted.
    await journal.unpark(id, name);
    const notes = notesIn(state);
    const changed = states.changedFields(state, args, oldInputs);
    if (isOfProgram) await claims.add(id, notes.claim);
    const isChanged =
      changed.length > 0 || notes.unsure === true || (await isOwed(notes)) || (await journal.isDisplaced(id, name));
    const moves = (field: string): boolean => changed.includes(field) || (isChanged && args[field] !== undefined);
    if (isOfProgram) handover.expect(id, args, handover.fields.filter(moves), state);
    return { isChanged, ...consequencesOf(definition, changed) };
  }

  const isOwed = async ({ owed }: Notes): Promise<boolean> => owed !== undefined && !(await journal.isPaid(owed));

  async function update(
    id: string,
    state: Values,
    args: Values,
    { urn, guarantor, oldInputs }: UpdateOptions = {},
  ): Promise<{ outs: State }> {
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    await journal.settle(id, name);
    const before = states.declaredIn(state, oldInputs);
    const declared = declaredBy(definition, args);
    // The fields in a state are those of the previous program.
    const known = { ...states.outputsIn(state), ...args };
    const mark: Notes = { ...environment.mark, claim: claimTokenFor(urn, notes.claim) };
    let answered: Live | undefined;
    const see = (answer: Live) => {
      answered = answer;
    };
    const bring = async (left: readonly string[]) => {
      const live = answered ?? (await startOfUpdate(id, state, args));
      const wants = Object.entries(wantsOf(definition, args, before, live));
      return converge(Object.fromEntries(wants.filter(([field]) => !left.includes(field))), live, see);
    };
    try {
      const { reached, owed } = await handover.receive(id, args, {
        state,
        reach: () => bring([]),
        meanwhile: bring,
        refused: ({ holder, field }, cause) =>
          new ScalekitError(stillTaken({ subject: subjectOf(definition, id), field, holder: holder.id }), { cause }),
        guarantor,
      });
      const live = { ...reached, ...Object.fromEntries(owed.map(({ field, key }) => [field, key])) };
      if (owed.length === 0) await journal.markRestored(id, name);
      await replacement.finish(id);
      if (notes.owed !== undefined) await journal.forgive(notes.owed);
      const [debt] = owed;
      return { outs: withNotes(states.stateOf(live, declared, known), { ...mark, ...(debt && { owed: debt.nonce }) }) };
    } catch (error) {
      if (answered === undefined && !mayHaveActed(error)) throw error;
      // Earlier declarations stay, so that a later `up` clears what could not be cleared now.
      const all = [...new Set([...before, ...declared])];
      const outs = answered === undefined ? (state as State) : states.stateOf(answered, all, state);
      throw partialFailure(error, id, withNotes(outs, { ...mark, ...doubtIn(error) }));
    }
  }

  /** @param successor the URN of the resource whose create will replace this one */
  async function remove(id: string, state: Values, successor?: string): Promise<void> {
    const notes = notesIn(state);
    environment.requireHere(id, notes);
    await journal.settle(id, name);
    if (await claims.isElsewhere(id, notes)) {
      say(`Left ${called(definition, id)} at Scalekit, since another resource of this stack has it.`);
      return;
    }
    if (makerOf(definition) !== undefined) {
      endpoints.requireId(id);
      say(`Left ${called(definition, id)} at Scalekit as it is, since no program makes or deletes one.`);
      return;
    }
    if (reserved?.(state)) return say(`Left ${called(definition, id)} at Scalekit, since it is Scalekit's own.`);
    protection.requireNone(id, state);
    if (successor !== undefined && replacement.canPark) {
      // Another resource may get its key.
      handover.expect(id, {}, handover.fields, state);
      return replacement.park(id, successor);
    }
    await untilShown(client, () => find(id, state), [timeIn(state, "createTime"), await journal.madeAt(id, name)]);
    await endpoints.remove(id);
    await journal.hold(id, name, undefined);
    await journal.unpark(id, name);
    await replacement.finish(id);
    await journal.markRestored(id, name);
  }

  /** The object that an update starts from: the state where that is allowed, complete and certain, and otherwise a read. */
  async function startOfUpdate(id: string, state: Values, args: Values): Promise<Live> {
    const { unsure, owed } = notesIn(state);
    const isKnown = !unsure && owed === undefined && !(await journal.isDisplaced(id, name));
    if (startsFromState && isKnown && !hidesEntries(definition, state) && !hidesEntries(definition, args))
      return states.remembered(id, state);
    const live = await rereadIfStale(id, state, await find(id, state));
    if (live === undefined) throw goneError(definition, id);
    return live;
  }

  return { ...preview, create, read, diff, update, remove, isElsewhere: claims.isElsewhere };
}
