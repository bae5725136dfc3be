import "./node-version.ts";

import type * as pulumi from "@pulumi/pulumi";
import { type ClientOptions, newClient } from "./api/client.ts";
import { journalPath, readEnvironment, readSettings, type StackConfig } from "./config.ts";
import { isScalekitError } from "./errors.ts";
import { type CheckFailure, check as checkArgs, unknown } from "./lifecycle/check.ts";
import type { Args } from "./lifecycle/declaration.ts";
import { openJournal } from "./lifecycle/journal.ts";
import { journalFile } from "./lifecycle/journal-file.ts";
import { organizationLifecycle } from "./lifecycle/lifecycle.ts";
import type { State } from "./lifecycle/state.ts";
import type { OrganizationArgs } from "./schema.ts";

/**
 * The dynamic provider: this module's exports are what the engine's provider host calls.
 *
 * State holds the text `require("pulumi-scalekit/provider")` and nothing else of it (organization.ts), so refresh and
 * delete always run the installed version, and every version must be able to read what earlier ones left in state.
 */

let config: StackConfig = { get: () => undefined };
/** Which stack this process works for, as its program says with each organization: the engine does not say. */
let stack: string | undefined;
/** The URNs of resources that are to be created, by what they are to be. */
const owners = new Map<string, string[]>();
/** The same URNs. */
const fresh = new Set<string>();
/** The arguments that this run's program has declared. */
const declared = new Set<string>();
/** The URN of the resource that declares an external ID, by that. */
const declarers = new Map<unknown, string>();
let connected: ReturnType<typeof connect> | undefined;

/**
 * Only stores what it is given: the host shares the provider with other calls before this has returned, so whatever
 * took time or threw in here would let those run without it.
 */
export function configure(request: { config: StackConfig }): Promise<void> {
  config = request.config;
  connected = undefined;
  declared.clear();
  declarers.clear();
  return Promise.resolve();
}

/**
 * Limits and settings, told at preview. A new organization also has the credentials tried, and the one that it would
 * adopt named, before anything is made.
 */
export const check = (olds: object, news: object): Promise<pulumi.dynamic.CheckResult> =>
  told(async () => {
    // Said by the program and kept out of the state.
    const { __origin, ...inputs } = news as { __origin?: { stack: string; urn: string } };
    const args: Args = withoutProvider(inputs);
    stack ??= __origin?.stack;
    if (__origin !== undefined && !("displayName" in olds)) {
      owners.set(keyOf(args), [...(owners.get(keyOf(args)) ?? []), __origin.urn]);
      fresh.add(__origin.urn);
    }
    declared.add(keyOf(args));
    const failures = [...checkArgs(args), ...rivalry(args.externalId, __origin?.urn)];
    if (failures.length > 0) return { inputs, failures: failures.map(nameless) };
    try {
      const { client, lifecycle } = connection();
      if (!("displayName" in olds)) {
        await client.authenticate();
        await lifecycle.foresee(args);
      }
    } catch (error) {
      if (isScalekitError(error)) return { inputs, failures: [{ property: "", reason: error.message }] };
      throw error;
    }
    return { inputs };
  });

export const diff = (id: string, state: State, news: object): Promise<pulumi.dynamic.DiffResult> =>
  told(async () => ({
    changes: await connection().lifecycle.diff(
      id,
      withoutProvider(state),
      withoutProvider(news),
      declared.has(keyOf(withoutProvider(news))),
    ),
    replaces: [],
    // Nothing asks for a replacement by itself. If a user forces one, the external ID has to be free for the new organization.
    deleteBeforeReplace: true,
  }));

export const create = (inputs: object): Promise<pulumi.dynamic.CreateResult> =>
  told(() => {
    const args = withoutProvider(inputs) as OrganizationArgs;
    return connection().lifecycle.create(args, owners.get(keyOf(args))?.shift() ?? ownerOf(args.externalId));
  });

export const read = (id: string, state: State = {}): Promise<pulumi.dynamic.ReadResult> =>
  // The host takes an absent id for "gone", which the SDK's type does not say.
  told(() => connection().lifecycle.read(id, withoutProvider(state)) as Promise<pulumi.dynamic.ReadResult>);

export const update = (id: string, state: State, news: object): Promise<pulumi.dynamic.UpdateResult> =>
  told(() => connection().lifecycle.update(id, withoutProvider(state), withoutProvider(news) as OrganizationArgs));

const remove = (id: string, state: State): Promise<void> =>
  told(() => connection().lifecycle.remove(id, withoutProvider(state)));

export { remove as delete };

/** The engine lets a policy change the name and the metadata after the check, and does not have them checked again. */
function ownerOf(externalId: unknown): string | undefined {
  const declarer = declarers.get(externalId);
  return declarer !== undefined && fresh.has(declarer) ? declarer : undefined;
}

/** One client, and with it one token and one connection pool, for every organization of a run. */
function connection(): ReturnType<typeof connect> {
  connected ??= connect(readSettings(config));
  return connected;
}

function connect(options: ClientOptions) {
  const client = newClient(options);
  const storage = () => (stack === undefined ? undefined : journalFile(journalPath(stack), say));
  const journal = openJournal(options.environmentUrl, storage);
  const environment = readEnvironment(options.environmentUrl, config);
  return { client, lifecycle: organizationLifecycle(client, { journal, say, environment }) };
}

/** The same text for the same arguments, in whatever order their properties come. */
const keyOf = (args: object): string =>
  JSON.stringify(args, (_, value: unknown) =>
    typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).sort()) : value,
  );

/** The engine shows what a provider prints, in the run's diagnostics. */
const say = (line: string): void => console.log(line);

/** What is wrong where two resources of one program declare the same external ID. */
function rivalry(externalId: unknown, urn: string | undefined): CheckFailure[] {
  if (externalId === undefined || externalId === unknown || urn === undefined) return [];
  const first = declarers.get(externalId) ?? urn;
  declarers.set(externalId, first);
  const reason = `is that of ${first.split("::").at(-1)} too, and it is unique in an environment`;
  return first === urn ? [] : [{ property: "externalId", reason }];
}

/** The engine prints the value of a property that a failure names, even a secret one. So the path goes into the reason. */
const nameless = ({ property, reason }: CheckFailure) => ({ property: "", reason: `${property} ${reason}` });

/** The host hands its own property along with the arguments and the outputs, and puts it back by itself. */
function withoutProvider<T extends object>(properties: T): Omit<T, "__provider"> {
  const { __provider: _, ...rest } = properties as T & { __provider?: unknown };
  return rest;
}

/**
 * For most verbs the host prints `${error}: ${error.stack}` as a message of the stack, besides the error that the engine
 * shows with the resource. That error is the one to read, so the other only points to it.
 */
async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isScalekitError(error)) {
      error.toString = () => "pulumi-scalekit";
      error.stack = "an operation failed, as the error of its resource says";
    }
    throw error;
  }
}
