import type { Collections } from "./collections.ts";
import type { Asked, Endpoint } from "./endpoint.ts";
import type { SeedConnection } from "./options.ts";
import { organizationOf, withoutZeros } from "./resource.ts";
import { type Message, read } from "./rules.ts";
import { notFound, refused } from "./status.ts";
import type { StoredConnection } from "./stored.ts";

const resource = "OrganizationConnection";
const params = {
  organization_id: { type: "text", min: 1, max: 32, prefix: "org_" },
  id: { type: "text", min: 1, max: 32, prefix: "conn_" },
} as const;
const path = "/api/v1/organizations/{organization_id}/connections/{id}";
const optionalText = { type: "text", optional: true } as const;

export const connections: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/api/v1/connections",
    resource,
    query: { organization_id: optionalText, domain: optionalText, include: optionalText },
    answer({ store, query, semantics }) {
      const organization = query("organization_id");
      const all = organization === undefined ? store.connections.all() : store.connections.of(organization);
      const shown = query("include") === "all" ? all : all.filter((one) => one.enabled && one.status === "COMPLETED");
      const inOrder = semantics.order === "newest" ? shown.toReversed() : shown;
      return { connections: inOrder.map((one) => withoutZeros(listed(one), semantics)) };
    },
  },
  {
    method: "GET",
    path,
    resource,
    params,
    answer: (asked) => ({ connection: withoutZeros(find(asked), asked.semantics) }),
  },
  {
    method: "DELETE",
    path,
    resource,
    params,
    answer(asked) {
      const gone = asked.store.connections.remove(organizationOf(asked, "organization_id"), asked.param("id"));
      if (!gone && asked.semantics.deleteMissing === 404) throw notFound("connection");
      return {};
    },
  },
  turning(":enable", true),
  turning(":disable", false),
];

function turning(end: string, enabled: boolean): Endpoint {
  return {
    method: "PATCH",
    path: `${path}${end}`,
    resource,
    params,
    answer(asked) {
      const before = find(asked);
      if (enabled && before.status !== "COMPLETED") {
        const message = "connection is not configured completely";
        if (asked.semantics.incompleteConnection === "status") throw refused(message);
        return { ...withoutZeros({ enabled: before.enabled }, asked.semantics), error_message: message };
      }
      const isSame = asked.semantics.updateTime === "changes" && before.enabled === enabled;
      if (!isSame) asked.store.connections.update(before.organization_id, { ...before, enabled });
      return withoutZeros({ enabled }, asked.semantics);
    },
  };
}

function find(asked: Asked): StoredConnection {
  const found = asked.store.connections.find(organizationOf(asked, "organization_id"), asked.param("id"));
  if (!found) throw notFound("connection");
  return found;
}

/** A list tells no times, and what is said of one in it. */
const listed = ({ create_time: _, update_time: __, ...one }: StoredConnection): object => one;

export const seedConnection = {
  id: { ...params.id, optional: true },
  provider: optionalText,
  type: optionalText,
  status: { type: "text", in: ["DRAFT", "IN_PROGRESS", "COMPLETED"], optional: true },
  enabled: { type: "flag", optional: true },
} as const satisfies Message;

/** Puts in a connection as the dashboard and the admin portal make one: no public endpoint does. Gives its id. */
export function connect(
  { connections }: { readonly connections: Pick<Collections["connections"], "insert"> },
  organization: string,
  seed: SeedConnection,
): string {
  read(seedConnection, seed as Record<string, unknown>, "");
  const { id, provider = "OKTA", type = "SAML", status = "COMPLETED", enabled = false } = seed;
  const made = { organization_id: organization, provider, type, status, enabled };
  return connections.insert(organization, { ...made, ...(id !== undefined && { id }) }, id).id;
}
