import * as pulumi from "@pulumi/pulumi";
import type { Live } from "../../api/codec.ts";
import {
  type Definition,
  isOwned,
  isSet,
  isSetting,
  keysOf,
  lookUpFieldsOf,
  ownerField,
} from "../../definitions/definition.ts";
import { inWords } from "../../definitions/names.ts";
import { ConfigurationError, ScalekitError } from "../../errors.ts";
import { asRunError, currentRun, type Run } from "./run.ts";

/** The look-ups of a definition. Their types are generated: see tools/sdk. */
export interface LookUps<Found> {
  get(args: object): Promise<Found>;
  getOutput(args: object): pulumi.Output<Found>;
  list(args?: object): Promise<Found[]>;
  listOutput(args?: object): pulumi.Output<Found[]>;
}

/** The look-ups of a definition's resources. A run asks only once for equal arguments. */
export function lookUpsOf<Found>(definition: Definition): LookUps<Found> {
  const { api, name } = definition;
  const keys = lookUpFieldsOf(definition);
  /** Whether the key gives the object's path. */
  const isInPath = isSetting(api) || keys.includes(api.id);

  const get = (args: object): Promise<Found> =>
    asRunError(async () => {
      const given = checked(args as Readonly<Record<string, unknown>>);
      const run = currentRun();
      const found = await find(run, given);
      if (found === undefined || !isSet(definition, found)) throw absent(given, run.environmentUrl);
      return found as Found;
    });

  const list = (args?: object): Promise<Found[]> =>
    asRunError(async () => {
      const owner = (args as Readonly<Record<string, unknown>> | undefined)?.[ownerField];
      if (isOwned(definition)) requireText(`get${name}s`, ownerField, owner);
      return (await listed(currentRun(), owner as string | undefined)) as Found[];
    });

  async function find(run: Run, given: Readonly<Record<string, string>>): Promise<Live | undefined> {
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
  function checked(args: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
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
  function absent(given: Readonly<Record<string, string>>, environmentUrl: string): ScalekitError {
    const by = Object.keys(given).join(" and ");
    const id = !isSetting(api) && api.example ? given["id"] : undefined;
    const sought =
      id === undefined ? `${Object.keys(given).map(inWords).join(" and ")} that get${name} was given` : `id ${id}`;
    return new ScalekitError(
      `There is no ${definition.noun} with the ${sought} in the Scalekit environment at ` +
        `${environmentUrl}. Check the ${by}, and that scalekit:environmentUrl names the environment that has it. If this ` +
        `program should create it, declare it with \`new ${name}\`.`,
    );
  }

  return {
    get,
    getOutput: (args) => pulumi.output(args).apply(get) as pulumi.Output<Found>,
    list,
    listOutput: (args = {}) => pulumi.output(args).apply(list) as pulumi.Output<Found[]>,
  };
}

function requireText(what: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new ConfigurationError(`${what} needs ${name} to be a string of at least one character.`);
}
