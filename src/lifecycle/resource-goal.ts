import type { Live } from "../api/resource-wire.ts";
import type { Definition } from "../definitions/definition.ts";
import { unknown } from "./check.ts";
import { withoutUndefined } from "./state.ts";

/** What a state holds of a resource: the fields and outputs that are set, and how the program manages it. */
export interface ResourceState extends Readonly<Record<string, unknown>> {
  /** The fields that are set although the program does not declare them. */
  readonly undeclared?: readonly string[];
  /** The host of the environment that it is in. */
  readonly environment?: string;
  /** What tells this resource from another of the stack that has come to have the same thing: see holders.ts. */
  readonly claim?: string;
  /** There when a change may have been made whose answer was lost: what Scalekit has is to be looked at. */
  readonly unsure?: true;
}

export type ResourceArgs = Readonly<Record<string, unknown>>;

/** What one kind of resource is to be and is, in the terms of its definition. */
export function goals({ fields, outputs }: Definition) {
  const names = Object.keys(fields);

  /** The fields that a program declares: presence decides, whatever the value. */
  const declaredBy = (args: ResourceArgs): string[] => names.filter((name) => args[name] !== undefined);

  const declaredIn = (state: ResourceState): string[] =>
    names.filter((name) => state[name] !== undefined && !state.undeclared?.includes(name));

  /**
   * The outputs of which the program declares the fields `declared`.
   *
   * @param known what the program and the state before say
   */
  function stateOf({ id: _, ...live }: Live, declared: readonly string[], known: ResourceArgs): ResourceState {
    // What is never sent is known from the program alone, and a secret that is told once from the state before. What says
    // the same stays as the program says it: in its order, and empty where it is declared so.
    const kept = Object.entries(known).filter(
      ([name, value]) =>
        fields[name]?.local || outputs[name]?.once || (declared.includes(name) && same(value, live[name])),
    );
    const state: ResourceArgs = { ...live, ...Object.fromEntries(kept) };
    const undeclared = names.filter((name) => state[name] !== undefined && !declared.includes(name));
    return withoutUndefined({ ...state, ...(undeclared.length > 0 && { undeclared }) });
  }

  /** The inputs that would have made `state`. */
  const inputsOf = (state: ResourceState, declared: readonly string[]): ResourceArgs =>
    withoutUndefined(Object.fromEntries(declared.map((name) => [name, state[name]])));

  /** The fields in which the program asks for something else than what was saved, or stopped asking. */
  function changed(state: ResourceState, args: ResourceArgs): string[] {
    const before = declaredIn(state);
    return names.filter((name) => {
      // What cannot be cleared stays when it is no longer declared.
      if (args[name] === undefined) return before.includes(name) && "empty" in (fields[name] ?? {});
      return !same(args[name], state[name]) || (state[name] !== undefined && !before.includes(name));
    });
  }

  /** What to send for `live` to become what the program says; `undefined` clears. Fields of which nothing was said stay. */
  function toSend(args: ResourceArgs, before: readonly string[], live: ResourceArgs): Record<string, unknown> {
    const sent: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields)) {
      if (field.replaces || field.local) continue;
      const asked = args[name] !== undefined || before.includes(name) ? args[name] : live[name];
      if (!same(asked, undefined)) sent[name] = asked;
      // What is not set and not asked for needs no word.
      else if ("empty" in field && live[name] !== undefined) sent[name] = undefined;
    }
    return sent;
  }

  /** The fields in which `live` is not what was sent. */
  const unmet = (sent: ResourceArgs, live: ResourceArgs): string[] =>
    Object.keys(sent).filter((name) => !same(sent[name], live[name]));

  return { declaredBy, declaredIn, stateOf, inputsOf, changed, toSend, unmet };
}

/** Whether two values say the same. What is empty is the same as what is not there, and lists have no order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === unknown || b === unknown) return false;
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}

export function canonical(value: unknown): unknown {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(canonical).sort();
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, canonical(inner)] as const);
  return entries.length === 0 ? null : Object.fromEntries(entries.sort(([x], [y]) => (x < y ? -1 : 1)));
}
