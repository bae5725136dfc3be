import type { Dispatcher } from "undici";
import { z } from "zod";
import { isApiError, type Operation, UnexpectedAnswerError } from "../errors.ts";
import type { Organization, OrganizationArgs, OrganizationPatch } from "../schema.ts";
import { newConnectionPool } from "./http.ts";
import type { Clock } from "./retry.ts";
import { newTransport } from "./transport.ts";
import {
  type Dialect,
  encodeCreate,
  encodePageRequest,
  encodePatch,
  organizationAnswer,
  organizationPage,
} from "./wire.ts";

export interface ClientOptions {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default a pool of kept-alive connections */
  readonly dispatcher?: Dispatcher;
  /** @default the system's clock and timers, and Math.random */
  readonly clock?: Clock;
  /** Milliseconds for one answer. @default 30,000 */
  readonly timeout?: number;
  /** Milliseconds for one operation with its retries. @default 300,000 */
  readonly budget?: number;
}

/** Scalekit's organization API. An organization that is not there is `undefined`, not an error. */
export type Client = ReturnType<typeof newClient>;

const root = "/api/v1/organizations";
/** The most that the API gives in one page. */
const pageSize = 100;

export function newClient(options: ClientOptions) {
  const dispatcher = options.dispatcher ?? newConnectionPool();
  const clock = options.clock ?? systemClock;
  const transport = newTransport({
    ...options,
    dispatcher,
    clock,
    timeout: options.timeout ?? 30_000,
    budget: options.budget ?? 300_000,
  });

  /**
   * Creates an organization. It is not sent again once it may have arrived, since a second one would be made.
   *
   * @param beforeSend run each time before the request leaves
   */
  async function create(args: OrganizationArgs, beforeSend?: () => Promise<void>): Promise<Organization> {
    const { organization } = await transport.send({
      operation: { what: "create the organization", method: "POST", path: root },
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

  async function getByExternalId(externalId: string): Promise<Organization | undefined> {
    // The external ID itself may be a secret of the user's, so errors name the path by its parameter.
    const found = await orAbsent(
      transport.send({
        operation: {
          what: "look up the organization by its external ID",
          method: "GET",
          path: `${root}:external/{external_id}`,
        },
        path: `${root}:external/${encodeURIComponent(externalId)}`,
        answer: organizationAnswer,
        repeatable: true,
      }),
    );
    return found?.organization;
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

  /** Deletes the organization, with its connections and directories. One that is already gone is as good as deleted. */
  async function remove(id: string): Promise<void> {
    const operation = onOrganization("delete", "DELETE", id);
    await orAbsent(transport.send({ operation, path: pathOf(id), answer: z.unknown(), repeatable: true }));
  }

  /** Every organization of the environment, page by page, in the API's order. */
  async function* list(): AsyncGenerator<Organization> {
    const operation = { what: "list the organizations", method: "GET", path: root } as const;
    const seen = new Set<string>();
    for (let token: string | undefined; ; ) {
      const page = await transport.send({
        operation,
        path: root,
        query: encodePageRequest({ size: pageSize, token }),
        answer: organizationPage,
        repeatable: true,
      });
      yield* page.organizations ?? [];
      if (!page.next_page_token) return;
      token = page.next_page_token;
      if (seen.has(token))
        throw new UnexpectedAnswerError(operation, "a page token came twice, so the list has no end");
      seen.add(token);
    }
  }

  return {
    create,
    get,
    getByExternalId,
    update,
    remove,
    list,
    authenticate: transport.authenticate,
    sleep: clock.sleep,
    serverNow: clock.now,
    close: () => dispatcher.close(),
  };
}

/** google.rpc.Code.NOT_FOUND */
const notFound = 5;

const pathOf = (id: string): string => `${root}/${encodeURIComponent(id)}`;

const onOrganization = (verb: string, method: Operation["method"], id: string): Operation => ({
  what: `${verb} organization ${id}`,
  method,
  path: `${root}/${id}`,
});

async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // Only the API's own word counts: a proxy's 404 taken for absence would have the next `up` make a second organization.
    if (isApiError(error) && error.status === 404 && error.grpcCode === notFound) return undefined;
    throw error;
  }
}

function sameOrganization(operation: Operation, id: string, organization: Organization): Organization {
  if (organization.id === id) return organization;
  throw new UnexpectedAnswerError(operation, `it is about ${organization.id}`);
}

const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
