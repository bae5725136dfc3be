import type { Dispatcher } from "undici";
import { z } from "zod";
import type { Definition } from "../definitions/definition.ts";
import { ConfigurationError, type Operation, ScalekitError, UnexpectedAnswerError } from "../errors.ts";
import type { Organization, OrganizationArgs, OrganizationPatch } from "../schema.ts";
import { orAbsent } from "./absent.ts";
import { type Clock, systemClock } from "./clock.ts";
import { problemWithUrl } from "./environment-url.ts";
import { type Gate, noGate } from "./gate.ts";
import { type Caps, capsOf } from "./governor.ts";
import { newConnectionPool } from "./http.ts";
import { everyPage, pageSize } from "./pages.ts";
import type { Proxies } from "./proxy.ts";
import { resourceClient } from "./resource-client.ts";
import { newTransport } from "./transport.ts";
import {
  type Dialect,
  encodeCreate,
  encodeFeatures,
  encodePageRequest,
  encodePatch,
  listedPage,
  organizationAnswer,
  organizationPage,
} from "./wire.ts";

export interface ClientOptions extends Partial<Caps> {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default none */
  readonly proxies?: Proxies;
  /** @default a pool of kept-alive connections */
  readonly dispatcher?: Dispatcher;
  /** @default the system's clock and timers, and Math.random */
  readonly clock?: Clock;
  /** Milliseconds for one answer. @default 30,000 */
  readonly timeout?: number;
  /** Milliseconds for one operation with its retries and waits. @default 300,000 */
  readonly operationTimeout?: number;
  /** Whether `operationTimeout` is the caller's own, and no setting that a message may advise to raise. @default no */
  readonly isTimeoutFixed?: boolean;
  /** @default none: who makes a client is there for as long as it is */
  readonly gate?: Gate;
}

/** Scalekit's organization API. An organization that is not there is `undefined`, not an error. */
export type Client = ReturnType<typeof newClient>;

const root = "/api/v1/organizations";
const needs = ["organizations:read", "organizations:write", "organizations:delete"];

export function newClient(options: ClientOptions) {
  const clock = options.clock ?? systemClock;
  const problem = problemWithUrl(options.environmentUrl);
  if (problem !== undefined) throw new ConfigurationError(`environmentUrl ${problem}.`);
  const dispatcher = options.dispatcher ?? newConnectionPool(options.environmentUrl, options.proxies);
  const transport = newTransport({
    ...options,
    dispatcher,
    clock,
    timeout: options.timeout ?? 30_000,
    operationTimeout: options.operationTimeout ?? 300_000,
    isTimeoutFixed: options.isTimeoutFixed ?? false,
    gate: options.gate ?? noGate,
    ...capsOf(options),
  });

  /**
   * Creates an organization. It is not sent again once it may have arrived, since a second one would be made.
   *
   * @param beforeSend run each time before the request leaves
   */
  async function create(args: OrganizationArgs, beforeSend?: () => Promise<void>): Promise<Organization> {
    const { organization } = await transport.send({
      operation: { what: "create the organization", method: "POST", path: root, needs },
      path: root,
      body: encodeCreate(args),
      answer: organizationAnswer,
      repeatable: false,
      ...(beforeSend && { beforeSend }),
    });
    return organization;
  }

  async function get(id: string): Promise<Organization | undefined> {
    const operation = onOrganization("read", "GET", id);
    const found = await orAbsent(
      transport.send({ operation, path: pathOf(id), answer: organizationAnswer, repeatable: true }),
    );
    return found && sameOrganization(operation, id, found.organization);
  }

  /** The organization whose external ID is exactly `externalId`, whatever characters that is made of. */
  async function getByExternalId(externalId: string): Promise<Organization | undefined> {
    if (fitsInPath(externalId)) return getByPlainExternalId(externalId);
    for await (const organization of pagesOf(externalId)) {
      // The filter may match more than was asked for, or be ignored.
      if (organization.externalId === externalId) return organization;
    }
    return undefined;
  }

  async function getByPlainExternalId(externalId: string): Promise<Organization | undefined> {
    // The external ID itself may be a secret of the user's, so errors name the path by its parameter.
    const operation = { what: byExternalId, method: "GET", path: `${root}:external/{external_id}`, needs } as const;
    const found = await orAbsent(
      transport.send({
        operation,
        path: `${root}:external/${externalId}`,
        hidden: [externalId],
        answer: organizationAnswer,
        repeatable: true,
      }),
    );
    if (found === undefined || found.organization.externalId === externalId) return found?.organization;
    if (found.organization.externalId?.toLowerCase() === externalId.toLowerCase()) {
      throw new ScalekitError(
        `Could not ${byExternalId}: Scalekit takes it for that of ${found.organization.id}, which differs from it in upper and ` +
          `lower case (GET ${operation.path}). Write it as it stands there, or take another external ID.`,
      );
    }
    throw new UnexpectedAnswerError(operation, "it is about an organization with another external ID");
  }

  /** Sets the fields of `patch` and gives the organization as it is then. Setting twice is setting once. */
  async function update(
    id: string,
    patch: OrganizationPatch,
    dialect: Dialect,
    goners: readonly string[],
  ): Promise<Organization | undefined> {
    const operation = onOrganization("update", "PATCH", id);
    const found = await orAbsent(
      transport.send({
        operation,
        path: pathOf(id),
        ...encodePatch(patch, dialect, goners),
        answer: organizationAnswer,
        repeatable: true,
      }),
    );
    return found && sameOrganization(operation, id, found.organization);
  }

  /** Turns features on and off. Whether those that are not named stay as they are is not documented. */
  async function updateFeatures(
    id: string,
    features: Readonly<Record<string, boolean>>,
  ): Promise<Organization | undefined> {
    const operation = onOrganization("set the features of", "PATCH", id);
    const found = await orAbsent(
      transport.send({
        operation: { ...operation, path: `${operation.path}/settings` },
        path: `${pathOf(id)}/settings`,
        body: encodeFeatures(features),
        answer: organizationAnswer,
        repeatable: true,
      }),
    );
    return found && sameOrganization(operation, id, found.organization);
  }

  /** Deletes the organization, with its connections and directories. One that is already gone is as good as deleted. */
  async function remove(id: string): Promise<void> {
    const operation = onOrganization("delete", "DELETE", id);
    await orAbsent(transport.send({ operation, path: pathOf(id), answer: z.looseObject({}), repeatable: true }));
  }

  /** One page of all organizations, from the beginning without a `token`. What makes no sense in it is left out. */
  const page = (token: string | undefined): Promise<z.output<typeof listedPage>> =>
    transport.send({
      operation: { what: listing, method: "GET", path: root, needs },
      path: root,
      query: encodePageRequest({ size: pageSize, token, externalId: undefined }),
      answer: listedPage,
      repeatable: true,
    });

  /** Every organization of the environment, page by page, in the API's order. */
  const list = (): AsyncGenerator<Organization> => pagesOf(undefined);

  function pagesOf(externalId: string | undefined): AsyncGenerator<Organization> {
    const what = externalId === undefined ? listing : byExternalId;
    const operation = { what, method: "GET", path: root, needs } as const;
    return everyPage(operation, async (token) => {
      const page = await transport.send({
        operation,
        path: root,
        query: encodePageRequest({ size: pageSize, token, externalId }),
        ...(externalId !== undefined && { hidden: [externalId] }),
        answer: organizationPage,
        repeatable: true,
      });
      return { items: page.organizations ?? [], next: page.next_page_token || undefined };
    });
  }

  return {
    create,
    get,
    getByExternalId,
    update,
    updateFeatures,
    remove,
    page,
    list,
    /** The endpoints of another kind of resource. */
    of: (definition: Definition) => resourceClient(definition, transport),
    authenticate: transport.authenticate,
    now: clock.now,
    sleep: clock.sleep,
    /** Milliseconds since 1970 by the server's clock, as far as known: see server-time.ts for how exact it is. */
    serverNow: transport.serverNow,
    close: () => dispatcher.close(),
  };
}

/** An id is escaped, but a URL takes `.`, `..` and nothing, escaped or not, for another path: one that is not the organization's. */
function pathOf(id: string): string {
  if (!/^\.{0,2}$/.test(id)) return `${root}/${encodeURIComponent(id)}`;
  throw new ScalekitError(
    `"${id}" is not the id of an organization, which looks like org_59615193906282635. Nothing was sent.`,
  );
}

/** Characters that are the same escaped or not, so that no proxy or server on the way takes them for another path. */
const fitsInPath = (externalId: string): boolean => /^[\w~-][\w.~-]*$/.test(externalId);

const listing = "list the organizations";
const byExternalId = "look up the organization by its external ID";

const onOrganization = (verb: string, method: Operation["method"], id: string): Operation => ({
  what: `${verb} organization ${id}`,
  method,
  path: `${root}/${id}`,
  needs,
});

function sameOrganization(operation: Operation, id: string, organization: Organization): Organization {
  if (organization.id === id) return organization;
  throw new UnexpectedAnswerError(operation, "it is about another organization");
}
