import * as pulumi from "@pulumi/pulumi";
import type { Live } from "../api/resource-wire.ts";
import { type Definition, isOwned, isSet, isSetting, keyFieldsOf, ownerField } from "../definitions/definition.ts";
import type { RequiredIn, Simplify, TypeOf, ValueOf } from "../definitions/values.ts";
import { ConfigurationError, ScalekitError } from "../errors.ts";
import { currentRun, type Run, told } from "./run.ts";

/** One of a kind by the id that Pulumi has for it, or by what it is known by. Either, and not both. */
export type LookUpArgs<D extends Definition> = Either<{ readonly [Name in KeyOf<D>]: string }>;

/** The same, with values that may not be known yet. */
export type LookUpOutputArgs<D extends Definition> = Either<
  { readonly [Name in KeyOf<D>]: pulumi.Input<string> },
  pulumi.Input<string>
>;

/** What is found: all but a secret that Scalekit tells only once. */
export type FoundOf<D extends Definition> = Simplify<
  { readonly id: string } & { readonly [Name in RequiredIn<D>]: ValueOf<D["fields"][Name]> } & {
    readonly [Name in Exclude<keyof D["fields"], RequiredIn<D>>]?: ValueOf<D["fields"][Name]>;
  } & {
    readonly [Name in keyof D["outputs"] as D["outputs"][Name] extends { readonly once: true } ? never : Name]: TypeOf<
      D["outputs"][Name]
    >;
  }
>;

/** Whose: the organization, where a kind belongs to one. */
type OwnerArgs<D extends Definition, Text> = D["fields"] extends { readonly [ownerField]: unknown }
  ? readonly [args: { readonly [ownerField]: Text }]
  : readonly [];

export type LookUp<D extends Definition> = (args: LookUpArgs<D>) => Promise<FoundOf<D>>;
export type LookUpOutput<D extends Definition> = (args: LookUpOutputArgs<D>) => pulumi.Output<FoundOf<D>>;
export type LookUpAll<D extends Definition> = (...args: OwnerArgs<D, string>) => Promise<FoundOf<D>[]>;
export type LookUpAllOutput<D extends Definition> = (
  ...args: OwnerArgs<D, pulumi.Input<string>>
) => pulumi.Output<FoundOf<D>[]>;

/** The look-ups of a definition's resources. What is asked for once in a run is not asked for again. */
export function lookUpsOf<D extends Definition>(definition: D) {
  const { api, name } = definition;
  const keys = keyFieldsOf(definition);
  /** Whether the key says under which path one is. */
  const isInPath = isSetting(api) || keys.includes(api.id);

  const get: LookUp<D> = (args) =>
    told(async () => {
      const given = checked(args as Readonly<Record<string, unknown>>);
      const run = currentRun();
      const found = await find(run, given);
      if (found === undefined || !isSet(definition, found)) throw absent(given, run.environmentUrl);
      return found as FoundOf<D>;
    });

  const list: LookUpAll<D> = (...[args]) =>
    told(async () => {
      const owner = (args as Readonly<Record<string, unknown>> | undefined)?.[ownerField];
      if (isOwned(definition)) demandText(`get${name}s`, ownerField, owner);
      return (await listed(currentRun(), owner as string | undefined)) as unknown as FoundOf<D>[];
    });

  async function find(run: Run, given: Readonly<Record<string, string>>): Promise<Live | undefined> {
    const id = given["id"] ?? (isInPath ? keys.map((key) => given[key]).join("/") : undefined);
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
        `get${name} takes ${isSetting(api) ? "" : "an id, or "}${keys.join(" and ")}, and it was given ${named.join(" and ") || "neither"}.`,
      );
    }
    for (const one of way) demandText(`get${name}`, one, args[one]);
    return args as Readonly<Record<string, string>>;
  }

  /** What was asked by may be a secret, so the message does not hold it. */
  function absent(given: object, environmentUrl: string): ScalekitError {
    const by = Object.keys(given).join(" and ");
    return new ScalekitError(
      `There is no ${definition.noun} with the ${by} that get${name} was given in the Scalekit environment at ` +
        `${environmentUrl}. Check the ${by}, and that scalekit:environmentUrl names the environment that has it. If this ` +
        `program is to make it, declare it with \`new ${name}\`.`,
    );
  }

  return {
    get,
    /** {@link get} for values that may not be known yet. What is looked up by a secret is a secret. */
    getOutput: ((args) => pulumi.output(args).apply((known) => get(known as LookUpArgs<D>))) as LookUpOutput<D>,
    list,
    listOutput: ((...args: readonly unknown[]) =>
      pulumi.output(args).apply((known) => list(...(known as unknown as OwnerArgs<D, string>)))) as LookUpAllOutput<D>,
  };
}

function demandText(what: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new ConfigurationError(`${what} needs ${name} to be a string of at least one character.`);
}

type KeyOf<D extends Definition> = D["api"] extends { readonly unique: readonly (infer Name extends string)[] }
  ? Name
  : typeof ownerField | (D["api"] extends { readonly id: infer Name extends string } ? Name : never);

type Either<Key, Text = string> =
  | ({ readonly id: Text } & { readonly [Name in keyof Key]?: undefined })
  | (Key & { readonly id?: undefined });
