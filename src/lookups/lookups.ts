import * as pulumi from "@pulumi/pulumi";
import type { Client } from "../api/client.ts";
import { readSettings } from "../config.ts";
import { ConfigurationError, isScalekitError, ScalekitError } from "../errors.ts";
import type { Organization } from "../schema.ts";
import { isSelected, readAll, type Selection } from "./selection.ts";

/** An organization by Scalekit's id, or by your application's. Exactly one of the two. */
export type GetOrganizationArgs =
  | { readonly id: string; readonly externalId?: undefined }
  | { readonly externalId: string; readonly id?: undefined };

/** The same, with values that may not be known yet. */
export type GetOrganizationOutputArgs =
  | { readonly id: pulumi.Input<string>; readonly externalId?: undefined }
  | { readonly externalId: pulumi.Input<string>; readonly id?: undefined };

/** Which organizations: those that meet all that is given, and every one where nothing is. */
export type GetOrganizationsArgs = Selection;

/** The same, with values that may not be known yet. */
export interface GetOrganizationsOutputArgs {
  readonly externalIdPrefix?: pulumi.Input<string> | undefined;
  readonly metadata?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
}

/**
 * Reads an organization that exists, whoever manages it, in a preview too. Fails if there is none.
 *
 * A run asks Scalekit once for it, however often the program does.
 *
 * @example
 * ```ts
 * const megasoft = await getOrganization({ externalId: "CUST-12345-MGSFT" });
 * megasoft.displayName; // "Megasoft Inc"
 * ```
 */
export const getOrganization = (args: GetOrganizationArgs): Promise<Organization> =>
  told(async () => {
    const [by, value] = onlyOne(args);
    const { lookedUp, client, environmentUrl } = currentRun();
    const key = `${by}:${value}`;
    const coming =
      lookedUp.get(key) ??
      settled(
        lookedUp,
        key,
        client.then((api) => (by === "id" ? api.get(value) : api.getByExternalId(value))),
      );
    const found = await coming;
    if (found === undefined) throw absent(by, value, environmentUrl);
    return found;
  });

/** {@link getOrganization} for values that may not be known yet. What is looked up by a secret is a secret. */
export const getOrganizationOutput = (args: GetOrganizationOutputArgs): pulumi.Output<Organization> =>
  pulumi.output(args).apply((known) => getOrganization(known as GetOrganizationArgs));

/**
 * Reads every organization of the environment that meets all of `args`, the oldest first; none is no error.
 *
 * The API cannot filter, so the first call of a run reads all of them, a hundred at a time, and later ones none.
 *
 * @example
 * ```ts
 * const gold = await getOrganizations({ externalIdPrefix: "CUST-", metadata: { tier: "gold" } });
 * ```
 */
export const getOrganizations = (args: GetOrganizationsArgs = {}): Promise<Organization[]> =>
  told(async () => {
    const { lists, client } = currentRun();
    const all = await (lists.get("all") ??
      settled(
        lists,
        "all",
        client.then((api) => readAll(api)),
      ));
    return all.filter((organization) => isSelected(organization, args));
  });

/** {@link getOrganizations} for values that may not be known yet. What is selected by a secret is a secret. */
export const getOrganizationsOutput = (args: GetOrganizationsOutputArgs = {}): pulumi.Output<Organization[]> =>
  pulumi.output(args).apply(getOrganizations) as pulumi.Output<Organization[]>;

/** What one run of a program has asked for so far. */
interface Run {
  readonly environmentUrl: string;
  readonly client: Promise<Client>;
  readonly lookedUp: Map<string, Promise<Organization | undefined>>;
  readonly lists: Map<"all", Promise<Organization[]>>;
}

/** By the engine's connection, of which every run has one: the Automation API runs many programs in one process. */
const runs = new WeakMap<object, Run>();
const withoutEngine = {};

function currentRun(): Run {
  const engine = pulumi.runtime.getMonitor() ?? withoutEngine;
  const known = runs.get(engine);
  if (known) return known;
  // What `new pulumi.Config("scalekit").get(…)` reads, without its warning that the client secret is a secret.
  const settings = readSettings({ get: pulumi.runtime.getConfig });
  const run: Run = {
    environmentUrl: settings.environmentUrl,
    // Loaded here, for a program that looks nothing up to begin without it.
    client: import("../api/client.ts").then(({ newClient }) => newClient(settings)),
    lookedUp: new Map(),
    lists: new Map(),
  };
  runs.set(engine, run);
  return run;
}

/** Keeps an answer for the rest of the run, and forgets a failure, so that a program may try again. */
function settled<K, T>(cache: Map<K, Promise<T>>, key: K, coming: Promise<T>): Promise<T> {
  cache.set(key, coming);
  coming.catch(() => cache.delete(key));
  return coming;
}

function onlyOne(args: GetOrganizationArgs): ["id" | "externalId", string] {
  const given = (["id", "externalId"] as const).filter((name) => args[name] !== undefined);
  const [by] = given;
  if (by === undefined || given.length > 1) {
    throw new ConfigurationError(
      `getOrganization takes an id or an externalId, and it was given ${given.length > 1 ? "both" : "neither"}.`,
    );
  }
  const value: unknown = args[by];
  if (typeof value !== "string" || value === "") {
    throw new ConfigurationError(`getOrganization needs ${by} to be a string of at least one character.`);
  }
  return [by, value];
}

/** An external ID may be a secret, so the message does not hold it. An id is Scalekit's own. */
const absent = (by: "id" | "externalId", value: string, environmentUrl: string): ScalekitError =>
  new ScalekitError(
    `There is no organization with ${by === "id" ? `the id ${value}` : "the external ID that getOrganization was given"} ` +
      `in the Scalekit environment at ${environmentUrl}. Check the ${by}, and that scalekit:environmentUrl names the ` +
      "environment that has the organization. If this program is to make it, declare it with `new Organization`.",
  );

/**
 * An error of a program is printed with its source and stack. These say all there is to say, so they carry Pulumi's mark
 * for "message only", and no stack for the places that do not look at the mark.
 */
async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isScalekitError(error)) Object.assign(error, { __pulumiRunError: true, stack: error.message });
    throw error;
  }
}
