import "./node-version.ts";
import "./compile-cache.ts";

import type * as pulumi from "@pulumi/pulumi";
import { type ClientOptions, newClient } from "./api/client.ts";
import { isSavedAtEndOnly, journalPath, readEnvironment, readSettings, type StackConfig } from "./config.ts";
import { isScalekitError } from "./errors.ts";
import { type CheckFailure, check as checkArgs } from "./lifecycle/check.ts";
import type { Args } from "./lifecycle/declaration.ts";
import { openJournal } from "./lifecycle/journal.ts";
import { journalFile } from "./lifecycle/journal-file.ts";
import { organizationLifecycle } from "./lifecycle/lifecycle.ts";
import { newProgram } from "./lifecycle/program.ts";
import type { State } from "./lifecycle/state.ts";
import { unsaved } from "./lifecycle/unsaved.ts";
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
/** What only one organization of an environment can have. */
const uniques = [["externalId"], ["slug"]];
let program = newProgram(uniques);
let connected: ReturnType<typeof connect> | undefined;

/**
 * Only stores what it is given: the host shares the provider with other calls before this has returned, so whatever
 * took time or threw in here would let those run without it.
 */
export function configure(request: { config: StackConfig }): Promise<void> {
  config = request.config;
  connected = undefined;
  program = newProgram(uniques);
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
    const exists = "displayName" in olds;
    const failures = [...checkArgs(args), ...program.declare(args, __origin?.urn, exists)];
    if (failures.length > 0) return { inputs, failures: failures.map(nameless) };
    try {
      const { client, lifecycle, journal } = connection();
      if (exists) return { inputs };
      const unsafe = isSavedAtEndOnly() ? await unsaved.check(args, journal) : [];
      if (unsafe.length > 0) return { inputs, failures: unsafe.map(nameless) };
      await client.authenticate();
      await lifecycle.foresee(args);
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
      program.declares(withoutProvider(news)),
    ),
    replaces: [],
    // Nothing asks for a replacement by itself. If a user forces one, the external ID has to be free for the new organization.
    deleteBeforeReplace: true,
  }));

export const create = (inputs: object): Promise<pulumi.dynamic.CreateResult> =>
  told(() => {
    const args = withoutProvider(inputs) as OrganizationArgs;
    return connection().lifecycle.create(args, program.ownerOf(args));
  });

export const read = (id: string, state: State = {}): Promise<pulumi.dynamic.ReadResult> =>
  // The host takes an absent id for "gone", which the SDK's type does not say.
  told(() => connection().lifecycle.read(id, withoutProvider(state)) as Promise<pulumi.dynamic.ReadResult>);

export const update = (id: string, state: State, news: object): Promise<pulumi.dynamic.UpdateResult> =>
  told(() => connection().lifecycle.update(id, withoutProvider(state), withoutProvider(news) as OrganizationArgs));

const remove = (id: string, state: State): Promise<void> =>
  told(async () => {
    if (isSavedAtEndOnly()) unsaved.demandNoReplacement(id, state, program);
    await connection().lifecycle.remove(id, withoutProvider(state));
  });

export { remove as delete };

/** One client, and with it one token and one connection pool, for every organization of a run. */
function connection(): ReturnType<typeof connect> {
  connected ??= connect(readSettings(config));
  return connected;
}

function connect(options: ClientOptions) {
  const client = newClient(options);
  const storage = () => (stack === undefined ? undefined : journalFile(journalPath(stack), say));
  const journal = openJournal(options.environmentUrl, storage, { strict: isSavedAtEndOnly() });
  const environment = readEnvironment(options.environmentUrl, config);
  return { client, journal, lifecycle: organizationLifecycle(client, { journal, say, environment }) };
}

/** The engine shows what a provider prints, in the run's diagnostics. */
const say = (line: string): void => console.log(line);

/** The engine prints the value of a property that a failure names, even a secret one. So the path goes into the reason. */
const nameless = ({ property, reason }: CheckFailure) => ({ property: "", reason: `${property} ${reason}`.trim() });

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
