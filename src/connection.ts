import type * as pulumi from "@pulumi/pulumi";
import { type Client, newClient } from "./api/client.ts";
import { isSavedAtEndOnly, journalPath, readEnvironment, readSettings, type StackConfig, textsOf } from "./config.ts";
import { engineGate } from "./engine.ts";
import { isScalekitError } from "./errors.ts";
import type { CheckFailure } from "./lifecycle/check.ts";
import type { Environment } from "./lifecycle/environment.ts";
import { withHeadline } from "./lifecycle/headline.ts";
import { type Journal, openJournal } from "./lifecycle/journal.ts";
import { journalFile } from "./lifecycle/journal-file.ts";
import { visible } from "./visible.ts";

/** What every resource of a run works with: one client, and with it one token and one connection pool, and one journal. */
export interface Connection {
  readonly client: Client;
  readonly journal: Journal;
  readonly environment: Environment;
  readonly say: (line: string) => void;
}

let config: StackConfig = { get: () => undefined };
/** Which stack this process works for, as its program says with each resource: the engine does not say. */
let stack: Pick<Origin, "stack" | "project"> | undefined;
let connected: Connection | undefined;
let isPreview = false;
let awaitsOrganizations = (): boolean => false;

/** The stack's configuration, which the host hands over for each kind of resource that it comes upon in a run. */
export function configureConnection(given: StackConfig): void {
  if (textsOf(given).join("\0") !== textsOf(config).join("\0")) connected = undefined;
  config = given;
}

export function connection(): Connection {
  connected ??= connect();
  return connected;
}

/** @param awaits whether the program has organizations whose create is still to come */
export function expectOrganizations(awaits: () => boolean): void {
  awaitsOrganizations = awaits;
}

/**
 * Whether this run may be about to replace an organization. Before it has one deleted, the engine asks of all that hangs on it
 * whether that has to be replaced, and deletes it too: then it would be lost where the new organization is refused. So it
 * is told no. It asks again when the new organization is there.
 */
export const mayReplaceOrganization = (): boolean => !isPreview && awaitsOrganizations();

/** What is made of a connection, once for each. */
export function perConnection<T>(make: (now: Connection) => T) {
  let last: { readonly of: Connection; readonly made: T } | undefined;
  return {
    get(): T {
      const now = connection();
      if (last?.of !== now) last = { of: now, made: make(now) };
      return last.made;
    },
    forget(): void {
      last = undefined;
    },
  };
}

function connect(): Connection {
  const settings = readSettings(config);
  const storage = () => (stack === undefined ? undefined : journalFile(journalPath(stack.stack, stack.project), say));
  return {
    client: newClient({ ...settings, gate: engineGate }),
    journal: openJournal(settings.environmentUrl, storage, { strict: isSavedAtEndOnly() }),
    environment: readEnvironment(settings.environmentUrl, config),
    say,
  };
}

/** The engine shows what a provider prints, in the run's diagnostics. */
const say = (line: string): void => console.log(visible(line));

/** What the program says of a resource for the provider alone, and that is kept out of the state. */
export interface Origin {
  readonly stack: string;
  /** The project's folder. */
  readonly project: string;
  readonly urn: string;
  readonly isPreview?: true;
  /** See owed.ts. */
  readonly guarantee?: { readonly ledger: string; readonly among: number };
}

/** The arguments of a check, and which resource they are of. */
export function argumentsOf<Args extends object>(news: object) {
  const { __origin, ...inputs } = news as { __origin?: Origin };
  stack ??= __origin;
  isPreview = __origin?.isPreview === true;
  return { inputs, args: withoutProvider(inputs) as Args, urn: __origin?.urn, guarantee: __origin?.guarantee };
}

/** A check's answer. The engine prints the value of a property that a failure names, even a secret one, so the path goes into the reason. */
export function checked(inputs: object, failures: readonly CheckFailure[]): pulumi.dynamic.CheckResult {
  if (failures.length === 0) return { inputs };
  const nameless = failures.map(({ property, reason }) => ({ property: "", reason: `${property} ${reason}`.trim() }));
  return { inputs, failures: nameless };
}

/** Runs what may fail at preview for a reason that this package tells, and gives that as a check's failure. */
export async function failuresOf(run: () => Promise<readonly CheckFailure[]>): Promise<readonly CheckFailure[]> {
  try {
    return await run();
  } catch (error) {
    if (isScalekitError(error)) return [{ property: "", reason: error.message }];
    throw error;
  }
}

/** The host hands its own property along with the arguments and the outputs, and puts it back by itself. */
export function withoutProvider<T extends object>(properties: T): Omit<T, "__provider"> {
  const { __provider: _, ...rest } = properties as T & { __provider?: unknown };
  return rest;
}

/**
 * Runs a verb that may leave a resource in the state by an error. The host puts its own property back into what a verb gives,
 * and not into what an error keeps; without it no later verb finds the provider.
 */
export async function kept<T>({ __provider }: { readonly __provider?: unknown }, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const { properties } = error as { properties?: object };
    throw properties === undefined
      ? error
      : Object.assign(error as Error, { properties: { ...properties, __provider } });
  }
}

/**
 * For most verbs the host prints `${error}: ${error.stack}` as a message of the stack, besides the error that the engine
 * shows with the resource. That error is the one to read, so the other only points to it.
 */
export async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isScalekitError(error)) {
      error.message = withHeadline(error.message);
      if ("reasons" in error) error.reasons = [error.message];
      error.toString = () => "pulumi-scalekit";
      error.stack = "an operation failed, as the error of its resource says";
    }
    throw error;
  }
}
