import type { Client } from "../api/client.ts";
import type { Live } from "../api/resource-wire.ts";
import {
  type CollectionApi,
  type Definition,
  isSetting,
  ownerField,
  uniqueFieldsOf,
} from "../definitions/definition.ts";
import { isApiError, mayHaveActed, ScalekitError } from "../errors.ts";
import { unknown } from "./check.ts";
import { DivergenceError } from "./converge.ts";
import { creator, demandAdoptable } from "./create.ts";
import { type Environment, newEnvironment } from "./environment.ts";
import { newClaim, newHolders } from "./holders.ts";
import type { Journal } from "./journal.ts";
import { goals, type ResourceArgs, type ResourceState, same } from "./resource-goal.ts";
import { resourceKind } from "./resource-kind.ts";
import { isOlder, untilCurrent, untilShown } from "./staleness.ts";
import { claimIn, doubtIn, keeping } from "./unfinished.ts";

/** What Pulumi's verbs do to one resource of a definition. */
export type ResourceLifecycle = ReturnType<typeof resourceLifecycle>;

export interface ResourceLifecycleOptions {
  readonly journal: Journal;
  readonly say?: (line: string) => void;
  readonly environment?: Environment;
}

export function resourceLifecycle(definition: Definition, client: Client, options: ResourceLifecycleOptions) {
  const { journal, say = () => {} } = options;
  const { name, noun, fields, outputs, api, reserved } = definition;
  const endpoints = client.of(definition);
  const environment = newEnvironment(options.environment ?? {}, `The ${noun}`);
  const holders = newHolders();
  const current = untilCurrent(client);
  const goal = goals(definition);
  const kind = resourceKind(definition, endpoints);
  const make = creator(kind, { client, journal, say });

  /** Throws, before anything is made, where `args` would adopt what is Scalekit's own. */
  async function foresee(args: ResourceArgs): Promise<void> {
    const key = uniqueFieldsOf(definition) ?? [];
    const isKnown = key.every((name) => args[name] !== undefined && args[name] !== unknown);
    if (reserved !== undefined && kind.isAdopting(args) && isKnown) await demandAdoptable(kind, args);
  }

  /** @param owner the resource's URN, as far as it is known */
  async function create(args: ResourceArgs, owner?: string): Promise<{ id: string; outs: ResourceState }> {
    const declared = goal.declaredBy(args);
    const claim = newClaim();
    const made = isSetting(api) ? { live: await settingOf(args) } : await make(args, owner);
    holders.hold(made.live.id, claim);
    const known = { ...made.live, ...args };
    const outs = (live: Live) => ({ ...goal.stateOf(live, declared, known), ...environment.mark, claim });
    let live = made.live;
    try {
      const before = "earlier" in made ? Object.keys(fields) : [];
      live = await reach(args, before, live, (answer) => {
        live = answer;
      });
    } catch (error) {
      // What every organization has was there before, and nothing came of it.
      if (isSetting(api) && live === made.live && !mayHaveActed(error)) throw error;
      await journal.entrust(live.id, name);
      throw keeping(error, live.id, { ...outs(live), ...doubtIn(error) });
    }
    return { id: live.id, outs: outs(live) };
  }

  /** The resource as it is, and the arguments that would have made it so; nothing when it is gone. */
  async function read(id: string, state: ResourceState) {
    const lookedUp = Object.keys(state).length === 0;
    environment.demand(id, state);
    if (!lookedUp) await journal.settle(id, name);
    const live = await (lookedUp ? find(id, state) : asWritten(id, state));
    if (live === undefined) {
      if (!lookedUp) await journal.reopen(id, name);
      return {};
    }
    if (lookedUp) return { id, props: goal.stateOf(live, [], {}), inputs: goal.inputsOf(live, goal.declaredBy(live)) };
    const declared = goal.declaredIn(state);
    // A doubt that no look can end is ended by the next change.
    if (!readable && state.unsure) return { id, props: state, inputs: goal.inputsOf(state, declared) };
    const mark = state.environment === undefined ? {} : environment.mark;
    const props = { ...goal.stateOf(live, declared, state), ...mark, ...claimIn(state) };
    return { id, props, inputs: goal.inputsOf(props, declared) };
  }

  /** What the program asks for otherwise than `state`, and which of that makes another resource of it. Nothing is sent. */
  async function diff(id: string, state: ResourceState, args: ResourceArgs, declared = true) {
    await journal.settle(id, name);
    if (declared) holders.hold(id, state.claim);
    const changed = goal.changed(state, args);
    const replaces = changed.filter((name) => fields[name]?.replaces || !canUpdate);
    // What only one can have has to be free for the new one, unless that has another. The old one may be in the way of
    // one in another organization too: where a domain is unique is not documented.
    const key = isSetting(api) ? [ownerField] : (api.unique ?? []).filter((name) => name !== ownerField);
    const deleteBeforeReplace = key.length > 0 && !key.some((name) => changed.includes(name));
    return { changes: changed.length > 0 || state.unsure === true, replaces, deleteBeforeReplace };
  }

  async function update(id: string, state: ResourceState, args: ResourceArgs): Promise<{ outs: ResourceState }> {
    environment.demand(id, state);
    await journal.settle(id, name);
    const before = goal.declaredIn(state);
    const declared = goal.declaredBy(args);
    const known = { ...state, ...args };
    const mark = { ...environment.mark, claim: state.claim ?? newClaim() };
    let answered: Live | undefined;
    try {
      const now = await asWritten(id, state);
      if (now === undefined) throw vanished(id);
      const live = await reach(args, before, now, (answer) => {
        answered = answer;
      });
      return { outs: { ...goal.stateOf(live, declared, known), ...mark } };
    } catch (error) {
      if (answered === undefined && !mayHaveActed(error)) throw error;
      const all = [...new Set([...before, ...declared])];
      const outs = answered === undefined ? state : goal.stateOf(answered, all, known);
      throw keeping(error, id, { ...outs, ...mark, ...doubtIn(error) });
    }
  }

  async function remove(id: string, state: ResourceState): Promise<void> {
    environment.demand(id, state);
    await journal.settle(id, name);
    if (holders.elsewhere(id, state)) {
      say(`Left the ${noun} ${id} at Scalekit, since another resource of this stack has it.`);
      return;
    }
    if (reserved?.(state)) {
      say(`Left the ${noun} ${id} at Scalekit, since it is Scalekit's own.`);
      return;
    }
    const made = [state["createTime"] as string | undefined, await journal.madeAt(id, name)];
    await untilShown(client, () => find(id, state), made);
    await endpoints.remove(id);
  }

  const readable = !isSetting(api) || api.readable;
  const canUpdate = isSetting(api) || api.update !== undefined;

  /** What is there now, or what the state remembers where no public endpoint tells. */
  async function find(id: string, state: ResourceState): Promise<Live | undefined> {
    if (readable) return endpoints.get(id);
    endpoints.demandId(id);
    const { undeclared: _, environment: __, claim: ___, unsure, ...known } = state;
    return (await client.get(id)) && { [ownerField]: id, ...(unsure ? {} : known), id };
  }

  /** What is there, by a later look where the first does not show yet what `state` was saved from. */
  async function asWritten(id: string, state: ResourceState): Promise<Live | undefined> {
    const updated = state["updateTime"] as string | undefined;
    return current({
      first: await find(id, state),
      ask: () => find(id, state),
      isCurrent: (live) => live !== undefined && !isOlder(live["updateTime"] as string | undefined, updated),
      // Where the API tells no times, it may have been written just now.
      written: ["updateTime" in outputs ? updated : client.serverNow(), await journal.madeAt(id, name)],
    });
  }

  /** What the organization has before anything is set: what the program does not declare of it is to stay. */
  async function settingOf(args: ResourceArgs): Promise<Live> {
    const id = String(args[ownerField]);
    const live = await find(id, {});
    if (live === undefined) throw new ScalekitError(`Could not set the ${noun} ${id}: there is no such organization.`);
    return live;
  }

  /** Brings `live` to what `args` declare, and gives it as Scalekit then answered that it is. */
  async function reach(args: ResourceArgs, before: readonly string[], live: Live, see: (answer: Live) => void) {
    let sent = goal.toSend(args, before, live);
    let open = goal.unmet(sent, live);
    if (open.length > 0 && !isSetting(api) && api.query) {
      // The answer to a create may show less than a read does.
      live = (await endpoints.get(live.id)) ?? live;
      sent = goal.toSend(args, before, live);
      open = goal.unmet(sent, live);
    }
    if (open.length === 0) return live;
    const whole = { ...sent, ...Object.fromEntries(repeated.map((name) => [name, live[name]])) };
    let observed = await demand(live.id, whole).catch(async (error: unknown) => {
      const cleared = Object.keys(sent).filter((name) => sent[name] === undefined);
      // Where it is what is to be cleared that is refused, all else can still be done.
      const rest = Object.fromEntries(Object.entries(whole).filter(([name]) => !cleared.includes(name)));
      if (cleared.length === 0 || !isApiError(error) || error.status !== 400) throw error;
      return goal.unmet(rest, live).length === 0 ? live : demand(live.id, rest);
    });
    if (readable) observed = await afterWrite(sent, live, observed);
    see(observed);
    open = goal.unmet(sent, observed);
    const list = (api as CollectionApi).takeOut?.field;
    if (list !== undefined && open.includes(list)) {
      const wanted = (sent[list] ?? []) as readonly string[];
      const extra = ((observed[list] ?? []) as readonly string[]).filter((entry) => !wanted.includes(entry));
      for (const entry of extra) await endpoints.takeOut(live.id, entry);
      observed = (await endpoints.get(live.id)) ?? observed;
      see(observed);
      open = goal.unmet(sent, observed);
    }
    if (open.length > 0) throw new DivergenceError(divergence(live.id, open, sent));
    return observed;
  }

  /** What a write has come to, by a later look where its answer shows nothing of it. */
  async function afterWrite(sent: ResourceArgs, before: Live, answer: Live): Promise<Live> {
    const wanted = goal.unmet(sent, before);
    return current({
      first: answer,
      ask: async () => (await endpoints.get(before.id)) ?? answer,
      isCurrent: (now) => wanted.some((name) => same(sent[name], now[name]) || !same(before[name], now[name])),
      written: [client.serverNow()],
    });
  }

  const repeated = isSetting(api) ? [] : (api.repeats ?? []);

  async function demand(id: string, values: ResourceArgs): Promise<Live> {
    const answer = await endpoints.update(id, values);
    if (answer === undefined) throw vanished(id);
    return answer;
  }

  function divergence(id: string, open: readonly string[], sent: ResourceArgs): string {
    const uncleared = open.filter((name) => sent[name] === undefined);
    const start = `The ${noun} ${id} is not what the program declares: Scalekit`;
    return uncleared.length > 0
      ? `${start} did not clear ${uncleared.join(" and ")}. Declare the value that it has, or replace it with \`pulumi up --replace\`.`
      : `${start} answered with success and has another value for ${open.join(" and ")}. ` +
          "Declare the value as Scalekit keeps it, which `pulumi refresh` shows.";
  }

  const vanished = (id: string) =>
    new ScalekitError(
      `The ${noun} ${id} no longer exists at Scalekit. Run \`pulumi refresh\` to see it go, then \`pulumi up\` to create it again.`,
    );

  return { foresee, create, read, diff, update, remove };
}
