import { define } from "./definition.ts";
import { deletionProtection } from "./deletion-protection.ts";
import { required, text } from "./field.ts";

export const permissionName = {
  min: 1,
  max: 64,
  pattern: [/^[a-zA-Z0-9_:]+$/, "letters, digits, underscores and colons"],
} as const;

const isScalekits = ({ isScalekitPermission }: Readonly<Record<string, unknown>>) => isScalekitPermission === true;

/**
 * Something that a user may do, to be granted by roles.
 *
 * @example
 * ```ts
 * const write = new Permission("write-invoices", { name: "invoices:write", description: "Write and send invoices" });
 * ```
 */
export const permission = define({
  name: "Permission",
  noun: "permission",
  plural: "permissions",
  needs: ["app_authorization:read", "app_authorization:write"],
  fields: {
    /** What your application and its tokens call it, such as `invoices:write`. Unique in an environment. */
    name: required(text({ ...permissionName, replaces: true })),
    /** What it allows, for people. */
    description: text({ max: 2000 }),
    /**
     * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets Pulumi's
     * `protect` too, unless that option is given, so that a preview refuses it already.
     *
     * @default false
     */
    deletionProtection,
  },
  outputs: {
    /** Scalekit's own id of the permission. */
    permissionId: { type: "text", wire: "id" },
    /** Whether it is one of Scalekit's own, which every environment has. */
    isScalekitPermission: { type: "flag" },
    /** When Scalekit created the permission, as RFC 3339. */
    createTime: { type: "text" },
    /** When it was last changed, as of the last `up` or `refresh`. */
    updateTime: { type: "text" },
  },
  keys: [{ fields: ["name"] }],
  api: {
    path: "/api/v1/permissions",
    id: "name",
    parameter: "permission_name",
    one: "permission",
    many: "permissions",
    paged: "by token",
    update: { method: "PUT", repeats: ["name"] },
  },
  losing: "it from every role that grants it",
  predefined: isScalekits,
  reserved: isScalekits,
});
