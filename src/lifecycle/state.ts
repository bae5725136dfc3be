import type { Live } from "../api/codec.ts";
import type { Definition, Values } from "../definitions/definition.ts";
import { isOn, same } from "../definitions/want.ts";
import {
  type Declaration,
  declaredBy,
  entriesIn,
  isDeclared,
  isFallback,
  ownsEntries,
  shownFlags,
} from "./declaration.ts";

/**
 * What Pulumi keeps of a resource: the fields and outputs that are set, and the provider's notes under one key that no diff shows.
 *
 * A field that the program never declared is left alone at Scalekit. A field that it no longer declares is cleared there. To
 * distinguish the two, a state names the fields that are set and not declared, because the engine gives a provider its earlier
 * outputs and not its earlier inputs.
 */
export type State = Values & { readonly [notesKey]?: Notes };

export const notesKey = "__notes";

/** There in the state of a resource that a program only reads. Policies see it: the engine hides all that begins with `__`. */
export const readOnlyKey = "readOnly";

export const isOnlyRead = (state: Values): boolean => state[readOnlyKey] === true;

export interface Notes {
  /** The paths that are set although the program does not declare them. */
  readonly undeclared?: readonly string[];
  /** The host of its environment. */
  readonly environment?: string;
  /** Which resource of the stack has the remote object: see claims.ts. */
  readonly claim?: string;
  /** Set when the answer to a change was lost. The provider then has to read the object. */
  readonly unsure?: true;
  /**
   * Set when the run that saved this left a key for later, see debts.ts. The journal says under this text whether the key was
   * given since. If it does not, the provider has to read the object.
   */
  readonly owed?: string;
}

export const notesIn = (state: Values): Notes => (state[notesKey] ?? {}) as Notes;

/**
 * The state of a resource that was only read, once a program manages it.
 *
 * @param inputs what the program declares of it
 */
export function asManaged(definition: Definition, state: State, inputs: Values): State {
  const { stateOf, remembered } = statesOf(definition);
  const { undeclared } = notesIn(stateOf(remembered("", state), declaredBy(definition, inputs), inputs));
  const { [readOnlyKey]: _, ...managed } = state;
  return withNotes(managed, { undeclared });
}

/** A state with more notes, and without those that are `undefined`. */
export function withNotes(state: Values, more: { readonly [Name in keyof Notes]: Notes[Name] | undefined }): State {
  const notes = withoutUndefined({ ...notesIn(state), ...more }) as Notes;
  const { [notesKey]: _, ...values } = state;
  return Object.keys(notes).length > 0 ? { ...values, [notesKey]: notes } : values;
}

/** How resources of one definition are kept in a state. */
export function statesOf(definition: Definition) {
  const { fields, outputs } = definition;
  const names = Object.keys(fields);
  const isProviderOnly = (name: string): boolean => fields[name]?.providerOnly === true;

  /**
   * What the program declared when `state` was saved.
   *
   * @param inputs its arguments then, from hosts that give them. Those of an import are not in the state.
   */
  function declaredIn(state: Values, inputs: Values = {}): Declaration {
    const undeclared = notesIn(state).undeclared ?? [];
    const inState = names.flatMap((name) => {
      if (state[name] === undefined || undeclared.includes(name)) return [];
      if (!ownsEntries(definition, state, name)) return [name];
      return Object.keys(state[name] as object)
        .map((key) => `${name}.${key}`)
        .filter((path) => !undeclared.includes(path));
    });
    return [...new Set([...inState, ...declaredBy(definition, inputs)])];
  }

  /**
   * The state of a resource of which the program declares `declared`.
   *
   * @param known what the program and the state before say
   */
  function stateOf({ id: _, ...live }: Live, declared: Declaration, known: Values): State {
    const state: Record<string, unknown> = {};
    for (const name of [...names, ...Object.keys(outputs)]) {
      const value = shown(name, live[name], declared, known);
      if (value !== undefined) state[name] = value;
    }
    const undeclared = names.flatMap((name) => undeclaredIn(name, state, declared));
    return withNotes(state, undeclared.length > 0 ? { undeclared } : {});
  }

  function shown(name: string, value: unknown, declared: Declaration, known: Values): unknown {
    // A field that is never sent is known from the program. A secret that only the create shows is known from the earlier state.
    if (isProviderOnly(name)) return isFallback(definition, name, known[name]) ? undefined : known[name];
    if (outputs[name]?.createOnly) return value ?? known[name];
    const type = fields[name]?.rule.type;
    if (type === "flags") return shownFlags(value, entriesIn(declared, name));
    if (type === "map" && ownsEntries(definition, known, name)) {
      const keys = entriesIn(declared, name);
      const own = Object.entries((value ?? {}) as object).filter(([key]) => keys.includes(key));
      return own.length > 0 ? Object.fromEntries(own) : undefined;
    }
    // An equal value stays as the program writes it: in its order, and empty if it declares that.
    if (isDeclared(declared, name) && same(known[name], value)) return known[name];
    return same(value, undefined) ? undefined : value;
  }

  function undeclaredIn(name: string, state: Values, declared: Declaration): string[] {
    if (state[name] === undefined || isProviderOnly(name)) return [];
    if (!isDeclared(declared, name)) return [name];
    if (fields[name]?.rule.type !== "flags") return [];
    return Object.keys(state[name] as object)
      .map((flag) => `${name}.${flag}`)
      .filter((path) => !declared.includes(path));
  }

  /** The inputs that would give `state`, so that the next preview shows drift as a difference to the program. */
  const inputsOf = (state: Values, declared: Declaration): Values =>
    withoutUndefined(
      Object.fromEntries(
        names
          .filter((name) => isDeclared(declared, name))
          .map((name) => {
            if (fields[name]?.rule.type !== "flags") return [name, state[name]];
            return [name, Object.fromEntries(entriesIn(declared, name).map((flag) => [flag, isOn(state[name], flag)]))];
          }),
      ),
    );

  /** The fields whose declared value differs from the state, or that are no longer declared. */
  function changedFields(state: Values, args: Values, oldInputs?: Values): string[] {
    const before = declaredIn(state, oldInputs);
    const now = declaredBy(definition, args);
    return names.filter((name) => {
      const field = fields[name];
      const value = args[name];
      if (isProviderOnly(name)) return !same(value ?? field?.fallback, state[name] ?? field?.fallback);
      if (value === undefined) return isDeclared(before, name) && "empty" in (field ?? {});
      if (field?.rule.type === "flags") return flagsChanged(name, state[name], value, before, now);
      if (!same(value, state[name])) return true;
      return state[name] !== undefined && !isDeclared(before, name) && !same(value, undefined);
    });
  }

  function flagsChanged(name: string, saved: unknown, value: unknown, before: Declaration, now: Declaration): boolean {
    if (typeof value !== "object") return true;
    const flags = entriesIn(now, name);
    const past = entriesIn(before, name);
    return (
      past.some((flag) => !flags.includes(flag)) ||
      flags.some((flag) => !past.includes(flag) || !same((value as Values)[flag], isOn(saved, flag)))
    );
  }

  /** The remote object that `state` remembers. */
  const remembered = (id: string, state: Values): Live => {
    const { [notesKey]: _, [readOnlyKey]: __, ...values } = state;
    return { ...values, id };
  };

  /** The outputs, which Scalekit alone decides. */
  const outputsIn = (state: Values): Values =>
    Object.fromEntries(Object.entries(state).filter(([name]) => name in outputs));

  return { declaredIn, stateOf, outputsIn, inputsOf, changedFields, remembered };
}

export const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;
