import type { Client } from "../api/client.ts";
import { isApiError, isTransportError, ScalekitError } from "../errors.ts";
import type { Field, Organization, OrganizationArgs, OrganizationPatch } from "../schema.ts";
import { converger } from "./converge.ts";
import { declaredBy, declaredIn, inputs, outputs, remembered, type State } from "./state.ts";

/** What Pulumi's verbs do to one organization. No Pulumi in here: the engine's side of it is provider.ts. */
export type Lifecycle = ReturnType<typeof organizationLifecycle>;

export function organizationLifecycle(client: Client) {
  const converge = converger(client);

  async function create(args: OrganizationArgs): Promise<{ id: string; outs: State }> {
    let live = await post(client, args);
    try {
      live = await converge(goalOf(args, []), live, (answer) => {
        live = answer;
      });
    } catch (error) {
      throw keeping(error, live, declaredBy(args));
    }
    return { id: live.id, outs: outputs(live, declaredBy(args)) };
  }

  /** The organization as it is, and the arguments that would have made it so; nothing when it is gone. */
  async function read(id: string, state: State) {
    const live = await client.get(id);
    if (live === undefined) return {};
    // A look-up by id brings no earlier state along: it declares nothing, and everything is shown.
    const lookedUp = state.displayName === undefined;
    const declared = lookedUp ? declaredBy(live) : declaredIn(state);
    return { id, props: outputs(live, declared), inputs: inputs(live, declared) };
  }

  async function update(id: string, state: State, args: OrganizationArgs): Promise<{ outs: State }> {
    const before = declaredIn(state);
    let answered: Organization | undefined;
    try {
      const live = await converge(goalOf(args, before), remembered(id, state), (answer) => {
        answered = answer;
      });
      return { outs: outputs(live, declaredBy(args)) };
    } catch (error) {
      // What was declared before stays declared, so that what could not be cleared is cleared by a later `up`.
      throw answered ? keeping(error, answered, [...before, ...declaredBy(args)]) : error;
    }
  }

  const remove = (id: string): Promise<void> => client.remove(id);

  return { create, read, update, remove };
}

async function post(client: Client, args: OrganizationArgs): Promise<Organization> {
  try {
    return await client.create(args);
  } catch (error) {
    if (args.externalId === undefined || !mayMeanTaken(error)) throw error;
    const holder = await client.getByExternalId(args.externalId).catch(() => undefined);
    throw holder === undefined ? error : taken(holder, error as Error);
  }
}

/** The status of a duplicate is not documented, and a lost answer may have been a success. */
const mayMeanTaken = (error: unknown): boolean =>
  isApiError(error)
    ? [400, 409].includes(error.status) || error.status >= 500
    : isTransportError(error) && error.mayHaveArrived;

const taken = (holder: Organization, cause: Error): ScalekitError =>
  isApiError(cause) && cause.status < 500
    ? new ScalekitError(
        `Could not create the organization: its external ID belongs to ${holder.id}, created ${holder.createTime ?? "earlier"}, ` +
          "and an external ID is unique in an environment. Give it another external ID, or import that organization into the stack.",
        { cause },
      )
    : new ScalekitError(
        `${cause.message} An organization with its external ID is there now: ${holder.id}, created ${holder.createTime ?? "earlier"}. ` +
          "If this run made it, delete it or import it into the stack before the next `pulumi up`.",
        { cause },
      );

/** What the program wants: the fields it declares, and nothing where it declared something before. */
function goalOf(args: OrganizationArgs, before: readonly Field[]): OrganizationPatch {
  const { displayName, externalId, metadata } = args;
  const cleared = (field: Field) => before.includes(field) && args[field] === undefined;
  return {
    displayName,
    ...(externalId !== undefined ? { externalId } : cleared("externalId") ? { externalId: null } : {}),
    ...(metadata !== undefined ? { metadata } : cleared("metadata") ? { metadata: {} } : {}),
  };
}

/**
 * An error that leaves the organization in the state as what it is, to be finished by the next `up`.
 * The engine keeps a resource whose error carries an id and properties ("initialization failed").
 */
const keeping = (error: unknown, live: Organization, declared: readonly Field[]): unknown =>
  Object.assign(error as Error, {
    id: live.id,
    properties: outputs(live, declared),
    reasons: [(error as Error).message],
  });
