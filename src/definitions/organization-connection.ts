import { define } from "./definition.ts";
import { flag, required, text } from "./field.ts";
import { organizationId } from "./organization-id.ts";

/**
 * A single sign-on connection that an organization has, and whether its users can sign in by it. Public endpoints make no
 * connection: it is set up in Scalekit's dashboard, or by the organization's own admin in the admin portal. Declaring it
 * adopts it, which shows at preview. Taken out of the program it stays as it is, enabled or not.
 *
 * @example
 * ```ts
 * new OrganizationConnection("megasoft-okta", {
 *   organizationId: megasoft.id,
 *   connectionId: "conn_68315758685323697",
 *   enabled: true,
 * });
 * ```
 */
export const organizationConnection = define({
  name: "OrganizationConnection",
  noun: "connection of the organization",
  plural: "connections",
  needs: ["connections:read", "connections:write"],
  fields: {
    /** Scalekit's id of the organization that has the connection, `org_…`. */
    organizationId,
    /** Scalekit's id of the connection, `conn_…`. The dashboard shows it, and so does `getOrganizationConnections`. */
    connectionId: required(
      text({
        min: 6,
        max: 32,
        pattern: [/^conn_\w+$/, "the id of a connection, which looks like conn_68315758685323697"],
        wire: "id",
        replaces: true,
      }),
    ),
    /** Whether users can sign in by it. */
    enabled: required({ ...flag(), endpoint: { on: ":enable", off: ":disable" } }),
  },
  // Only what the list shows too, so that a refresh of many can share it. It tells no times.
  outputs: {
    /** The identity provider, such as `OKTA`, `MICROSOFT_AD` or `CUSTOM`. */
    provider: { type: "text" },
    /** The protocol, such as `SAML` or `OIDC`. */
    type: { type: "text" },
    /** `DRAFT`, `IN_PROGRESS` or `COMPLETED`: how far its set-up is, as of the last `up` or `refresh`. */
    status: { type: "text" },
  },
  keys: [{ fields: ["organizationId", "connectionId"] }],
  api: {
    path: "/api/v1/organizations/{organization_id}/connections",
    id: "connectionId",
    parameter: "id",
    one: "connection",
    many: "connections",
    madeBy: "Scalekit's dashboard and the organization's admin portal make connections",
    paged: false,
    // Without "all" it leaves out those that are disabled, and those whose set-up is not complete.
    list: { path: "/api/v1/connections", owner: "organization_id", query: { include: "all" } },
  },
});
