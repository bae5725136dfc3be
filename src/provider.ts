import type * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly, type StackConfig } from "./config.ts";
import {
  argumentsOf,
  checked,
  configureConnection,
  connection,
  expectOrganizations,
  failuresOf,
  kept,
  perConnection,
  told,
  withoutProvider,
} from "./connection.ts";
import { check as checkArgs } from "./lifecycle/check.ts";
import type { Args } from "./lifecycle/declaration.ts";
import { organizationLifecycle } from "./lifecycle/lifecycle.ts";
import { newProgram } from "./lifecycle/program.ts";
import type { State } from "./lifecycle/state.ts";
import { unsaved } from "./lifecycle/unsaved.ts";
import type { OrganizationArgs } from "./schema.ts";

/**
 * The dynamic provider of organizations: this module's exports are what the engine's provider host calls.
 *
 * State holds the text `require("pulumi-scalekit/provider")` and nothing else of it (resource.ts), so refresh and
 * delete always run the installed version, and every version must be able to read what earlier ones left in state.
 */

/** What only one organization of an environment can have. */
const uniques = [["externalId"], ["slug"]];
let program = newProgram(uniques);
const lifecycle = perConnection((now) => organizationLifecycle(now.client, now));

/**
 * Only stores what it is given: the host shares the provider with other calls before this has returned, so whatever
 * took time or threw in here would let those run without it.
 */
export function configure(request: { config: StackConfig }): Promise<void> {
  configureConnection(request.config);
  program = newProgram(uniques);
  expectOrganizations(program.awaits);
  lifecycle.forget();
  return Promise.resolve();
}

/**
 * Limits and settings, told at preview. A new organization also has the credentials tried, and the one that it would
 * adopt named, before anything is made.
 */
export const check = (olds: object, news: object): Promise<pulumi.dynamic.CheckResult> =>
  told(async () => {
    const { inputs, args, urn, guarantee } = argumentsOf<Args>(news);
    const exists = "displayName" in olds;
    const failures = [...checkArgs(args), ...program.declare(args, urn, exists, guarantee)];
    if (failures.length > 0) return checked(inputs, failures);
    const more = await failuresOf(async () => {
      const { client, journal } = connection();
      if (exists) return [];
      const unsafe = isSavedAtEndOnly() ? await unsaved.check(args, journal) : [];
      if (unsafe.length > 0) return unsafe;
      await client.authenticate();
      await lifecycle.get().foresee(args);
      return [];
    });
    return checked(inputs, more);
  });

export const diff = (id: string, state: State, news: object): Promise<pulumi.dynamic.DiffResult> =>
  told(async () => {
    const args = withoutProvider(news);
    return {
      changes: await lifecycle.get().diff(id, withoutProvider(state), args, program.declares(args)),
      // Nothing asks for a replacement by itself. For one that a user forces the engine asks the class alone: see organization.ts.
      replaces: [],
    };
  });

export const create = (inputs: object): Promise<pulumi.dynamic.CreateResult> =>
  told(() =>
    kept(inputs, () => {
      const args = withoutProvider(inputs) as OrganizationArgs;
      return lifecycle.get().create(args, program.ownerOf(args));
    }),
  );

export const read = (id: string, state: State = {}): Promise<pulumi.dynamic.ReadResult> =>
  // The host takes an absent id for "gone", which the SDK's type does not say.
  told(() => lifecycle.get().read(id, withoutProvider(state)) as Promise<pulumi.dynamic.ReadResult>);

export const update = (id: string, state: State, news: object): Promise<pulumi.dynamic.UpdateResult> =>
  told(() =>
    kept(news, () => {
      const args = withoutProvider(news) as OrganizationArgs;
      const owner = program.declarerOf(args);
      return lifecycle.get().update(id, withoutProvider(state), args, program.guarantor(), owner);
    }),
  );

const remove = (id: string, state: State): Promise<void> =>
  told(async () => {
    if (isSavedAtEndOnly()) unsaved.demandNoReplacement(`Organization ${id}`, program.replaces(state));
    await lifecycle.get().remove(id, withoutProvider(state), program.successorOf(state));
  });

export { remove as delete };
