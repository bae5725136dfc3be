import { define } from "./definition.ts";
import { deletionProtection } from "./deletion-protection.ts";
import { pairs, required, text, texts, whole } from "./field.ts";
import { organizationId } from "./organization-id.ts";

/**
 * What a customer's own programs get tokens with. Its secret is an output that Pulumi keeps as a secret; another
 * `rotation` gives a new client with a new one.
 *
 * @example
 * ```ts
 * const robot = new OrganizationApiClient("robot", { organizationId: megasoft.id, name: "Robot", rotation: "2026-11" });
 * export const secret = robot.clientSecret;
 * ```
 */
export const organizationApiClient = define({
  name: "OrganizationApiClient",
  noun: "API client of the organization",
  plural: "api-clients",
  // By the descriptors of Scalekit's SDKs a delete takes the permission to rotate.
  needs: ["api_credentials:read", "api_credentials:write", "api_credentials:rotate"],
  fields: {
    /** Scalekit's id of the organization that the client acts for, `org_…`. */
    organizationId,
    /** The name people see. */
    name: required(text({ min: 1, max: 128 })),
    /** What it is for, for people. */
    description: text({ max: 512 }),
    /** The scopes that its tokens have. */
    scopes: texts({ each: { min: 1, max: 256 } }),
    /** Whom its tokens are for. */
    audience: texts({ each: { min: 1, max: 1024 } }),
    /** Claims that its tokens have besides. */
    customClaims: pairs({ key: { min: 1, max: 128 }, value: { max: 1024 } }),
    /**
     * Seconds that its tokens last.
     *
     * @default 3600, which Scalekit sets
     */
    expiry: whole({ min: 1, max: 2 ** 31 - 1 }),
    /** Any text, such as a month. With another one there is a new client, with a new id and a new secret, before the old one goes. */
    rotation: text({ min: 1, max: 256, replaces: true, providerOnly: true }),
    /**
     * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets Pulumi's
     * `protect` too, unless that option is given, so that a preview refuses it already.
     *
     * @default false
     */
    deletionProtection,
  },
  outputs: {
    /** The id that it asks for tokens with. */
    clientId: { type: "text" },
    /** The secret that it asks for tokens with. Scalekit tells it once; Pulumi keeps it as a secret. */
    clientSecret: { type: "text", wire: "plain_secret", createOnly: true },
    /** When Scalekit created it, as RFC 3339. */
    createTime: { type: "text" },
    /** When it was last changed, as of the last `up` or `refresh`. */
    updateTime: { type: "text" },
  },
  losing: "its secrets and the access of everyone who uses them",
  api: {
    path: "/api/v1/organizations/{organization_id}/clients",
    id: "clientId",
    parameter: "client_id",
    one: "client",
    many: "clients",
    paged: "by token",
    update: { method: "PATCH" },
    secret: "/secrets",
  },
});
