import type { Client } from "../api/client.ts";
import type { Live } from "../api/codec.ts";
import {
  type Definition,
  isOwned,
  isSet,
  isSetting,
  keysOf,
  lookUpFieldsOf,
  ownerField,
  type Values,
} from "../definitions/definition.ts";
import { inWords } from "../definitions/names.ts";
import { ConfigurationError, ScalekitError } from "../errors.ts";

/** What the look-ups of one run share. */
export interface Run {
  readonly environmentUrl: string;
  readonly client: Promise<Client>;
  readonly answers: Answers;
}

/** The look-ups of a definition's resources. A run asks only once for equal arguments. */
export interface LookUps {
  /** The resource that `args` name by its id or its key. Fails if there is none. */
  get(run: () => Run, args: Values): Promise<Live>;
  /** The same, or nothing if there is none. */
  find(run: () => Run, args: Values): Promise<Live | undefined>;
  /** All of an organization, or of the environment if no organization has them. */
  list(run: () => Run, args?: Values): Promise<Live[]>;
}

export function lookUpsOf(definition: Definition): LookUps {
  const { api, name } = definition;
  const keys = lookUpFieldsOf(definition);
  /** Whether the key gives the object's path. */
  const isInPath = isSetting(api) || keys.includes(api.id);

  async function get(run: () => Run, args: Values): Promise<Live> {
    const found = await find(run, args);
    if (found === undefined) throw absent(args, run().environmentUrl);
    return found;
  }

  async function find(run: () => Run, args: Values): Promise<Live | undefined> {
    const given = checked(args);
    const found = await named(run(), given);
    return found !== undefined && isSet(definition, found) ? found : undefined;
  }

  async function list(run: () => Run, args: Values = {}): Promise<Live[]> {
    const owner = args[ownerField];
    if (isOwned(definition)) requireText(`get${name}s`, ownerField, owner);
    return listed(run(), owner as string | undefined);
  }

  async function named(run: Run, given: Readonly<Record<string, string>>): Promise<Live | undefined> {
    const id = given["id"] ?? (isInPath ? keys.map((key) => given[key]).join("/") : undefined);
    if (id === undefined && keysOf(definition)[0]?.find !== undefined) {
      return run.answers.once(`${name} by ${JSON.stringify(given)}`, async () =>
        (await run.client).of(definition).findByKey(given),
      );
    }
    if (id !== undefined) {
      return run.answers.once(`${name}:${id}`, async () => (await run.client).of(definition).get(id));
    }
    const all = await listed(run, given[ownerField]);
    return all.find((one) => keys.every((key) => one[key] === given[key]));
  }

  const listed = (run: Run, owner: string | undefined): Promise<Live[]> =>
    run.answers.once(`every ${name}:${owner}`, async () => {
      const all: Live[] = [];
      for await (const one of (await run.client).of(definition).list(owner)) all.push(one);
      return all;
    });

  /** `args`, if they are an id or all of a key. */
  function checked(args: Values): Readonly<Record<string, string>> {
    const named = Object.keys(args).filter((one) => args[one] !== undefined);
    const way = named.includes("id") ? ["id"] : keys;
    if (named.length !== way.length || !way.every((one) => named.includes(one))) {
      throw new ConfigurationError(
        `get${name} takes ${isSetting(api) ? "" : "an id, or "}${keys.join(" and ")}, but it was given ${named.join(" and ") || "neither"}.`,
      );
    }
    for (const one of way) requireText(`get${name}`, one, args[one]);
    return args as Readonly<Record<string, string>>;
  }

  /** A key may be a secret, so the message does not hold it. An id that says what it is of is Scalekit's own. */
  function absent(args: Values, environmentUrl: string): ScalekitError {
    const given = checked(args);
    const by = Object.keys(given).join(" and ");
    const id = !isSetting(api) && api.example ? given["id"] : undefined;
    const sought =
      id === undefined ? `${Object.keys(given).map(inWords).join(" and ")} that get${name} was given` : `id ${id}`;
    return new ScalekitError(
      `There is no ${definition.noun} with the ${sought} in the Scalekit environment at ` +
        `${environmentUrl}. Check the ${by}, and that scalekit:environmentUrl names the environment that has it. If this ` +
        `program should create it, declare it as a resource of type ${name}.`,
    );
  }

  return { get, find, list };
}

function requireText(what: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new ConfigurationError(`${what} needs ${name} to be a string of at least one character.`);
}

/** What a run has asked for so far. */
export interface Answers {
  /** The answer under `key`, which always goes with the same `ask`. */
  once<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

export function newAnswers(): Answers {
  const known = new Map<string, Promise<unknown>>();

  return {
    once<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const before = known.get(key) as Promise<T> | undefined;
      if (before !== undefined) return before;
      const coming = ask();
      known.set(key, coming);
      // A failure is forgotten, so that a program may try again.
      coming.catch(() => known.delete(key));
      return coming;
    },
  };
}
