import type * as pulumi from "@pulumi/pulumi";
import { isSavedAtEndOnly, type StackConfig } from "./config.ts";
import {
  argumentsOf,
  checked,
  configureConnection,
  connection,
  failuresOf,
  kept,
  mayReplaceOrganization,
  perConnection,
  told,
  withoutProvider,
} from "./connection.ts";
import { type Definition, isSetting, ownerField, uniqueFieldsOf } from "./definitions/definition.ts";
import { definitions } from "./definitions/index.ts";
import { unknown } from "./lifecycle/check.ts";
import { newProgram } from "./lifecycle/program.ts";
import { checkRemovals, checkResource } from "./lifecycle/resource-check.ts";
import type { ResourceArgs, ResourceState } from "./lifecycle/resource-goal.ts";
import { resourceLifecycle } from "./lifecycle/resource-lifecycle.ts";
import { unsaved } from "./lifecycle/unsaved.ts";

/**
 * The dynamic providers of everything but organizations, each by the name of its class. State holds the text
 * `require("pulumi-scalekit/provider/resources")` with that name and nothing else of it (resource.ts).
 */
export const Permission = providerOf(definitions.Permission);
export const Role = providerOf(definitions.Role);
export const OrganizationRole = providerOf(definitions.OrganizationRole);
export const OrganizationDomain = providerOf(definitions.OrganizationDomain);
export const OrganizationApiClient = providerOf(definitions.OrganizationApiClient);
export const OrganizationSessionPolicy = providerOf(definitions.OrganizationSessionPolicy);
export const OrganizationUserManagement = providerOf(definitions.OrganizationUserManagement);

function providerOf(definition: Definition) {
  const { api, noun } = definition;
  const unique = uniqueFieldsOf(definition);
  const uniques = unique === undefined ? [] : [unique];
  let program = newProgram(uniques);
  const lifecycle = perConnection((now) => resourceLifecycle(definition, now.client, now));

  return {
    configure(request: { config: StackConfig }): Promise<void> {
      configureConnection(request.config);
      program = newProgram(uniques);
      lifecycle.forget();
      return Promise.resolve();
    },
    check: (olds: object, news: object): Promise<pulumi.dynamic.CheckResult> =>
      told(async () => {
        const { inputs, args, urn } = argumentsOf<ResourceArgs>(news);
        const exists = Object.keys(withoutProvider(olds)).length > 0;
        const failures = [
          ...checkResource(definition, args),
          ...checkRemovals(definition, withoutProvider(olds), args),
          ...program.declare(args, urn, exists),
        ];
        if (failures.length > 0) return checked(inputs, failures);
        const more = await failuresOf(async () => {
          const { client, journal } = connection();
          if (exists) return [];
          // What a setting is set to is set again by the next run, which knows of no earlier one.
          if (isSavedAtEndOnly() && !isSetting(api)) await journal.demand();
          await client.authenticate();
          await lifecycle.get().foresee(args);
          return [];
        });
        return checked(inputs, more);
      }),
    diff: (id: string, state: ResourceState, news: ResourceArgs): Promise<pulumi.dynamic.DiffResult> =>
      told(async () => {
        const args = withoutProvider(news);
        const found = await lifecycle.get().diff(id, withoutProvider(state), args, program.declares(args));
        const isAskedAhead = args[ownerField] === unknown && mayReplaceOrganization();
        return isAskedAhead ? { ...found, replaces: found.replaces.filter((name) => name !== ownerField) } : found;
      }),
    create: (inputs: ResourceArgs): Promise<pulumi.dynamic.CreateResult> =>
      told(() =>
        kept(inputs, () => {
          const args = withoutProvider(inputs);
          return lifecycle.get().create(args, program.ownerOf(args));
        }),
      ),
    read: (id: string, state: ResourceState = {}): Promise<pulumi.dynamic.ReadResult> =>
      told(() => lifecycle.get().read(id, withoutProvider(state)) as Promise<pulumi.dynamic.ReadResult>),
    update: (id: string, state: ResourceState, news: ResourceArgs): Promise<pulumi.dynamic.UpdateResult> =>
      told(() => kept(news, () => lifecycle.get().update(id, withoutProvider(state), withoutProvider(news)))),
    delete: (id: string, state: ResourceState): Promise<void> =>
      told(async () => {
        if (isSavedAtEndOnly()) unsaved.demandNoReplacement(`The ${noun} ${id}`, program.replaces(state));
        await lifecycle.get().remove(id, withoutProvider(state));
      }),
  };
}
