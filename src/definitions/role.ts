import { define } from "./definition.ts";
import { deletionProtection } from "./deletion-protection.ts";
import { required, text, texts } from "./field.ts";
import { organizationId } from "./organization-id.ts";
import { permissionName } from "./permission.ts";

const roleName = {
  min: 1,
  max: 64,
  pattern: [/^[a-zA-Z0-9_]+$/, "letters, digits and underscores"],
} as const;

const fields = {
  /** What your application and its tokens call it, such as `billing_admin`. */
  name: required(text({ ...roleName, replaces: true })),
  /** The name people see. */
  displayName: required(text({ min: 1, max: 100 })),
  /** What it is for, for people. */
  description: { ...text({ max: 2000 }), unclearable: true },
  /** The name of a role whose permissions it has too. */
  extends: { ...text({ ...roleName, references: "Role" }), unclearable: true },
  /** The names of the permissions that it grants. The role grants these and no others. */
  permissions: {
    ...texts({ each: permissionName, max: 100, references: "Permission" }),
    decode: (wire: readonly { readonly name: string }[]) => wire.map(({ name }) => name).sort(),
  },
  /**
   * Whether the provider refuses to delete it, also where a change would replace it. In TypeScript the class sets Pulumi's
   * `protect` too, unless that option is given, so that a preview refuses it already.
   *
   * @default false
   */
  deletionProtection,
};

const outputs = {
  /** Scalekit's own id of the role. */
  roleId: { type: "text", wire: "id" },
  /** Whether users who create an organization get it. */
  defaultCreator: { type: "flag" },
  /** Whether new members of an organization get it. */
  defaultMember: { type: "flag" },
} as const;

const api = {
  id: "name",
  parameter: "role_name",
  one: "role",
  many: "roles",
  paged: false,
  update: { method: "PUT" },
  // Without it an answer has no permissions at all.
  query: { include: "permissions" },
} as const;

/**
 * A role that users of every organization can have.
 *
 * @example
 * ```ts
 * new Role("billing-admin", { name: "billing_admin", displayName: "Billing", permissions: [write.name] });
 * ```
 */
export const role = define({
  name: "Role",
  noun: "role",
  plural: "roles",
  needs: ["app_authorization:read", "app_authorization:write"],
  fields,
  outputs,
  keys: [{ fields: ["name"] }],
  losing: "it from every user who has it",
  api: {
    ...api,
    path: "/api/v1/roles",
    listFilter: { isOrgRole: false },
    removeEntry: { field: "permissions", path: "/permissions/{permission_name}" },
  },
  predefined: ({ name }) => name === "admin" || name === "member",
});

/**
 * A role that users of one organization can have.
 *
 * @example
 * ```ts
 * new OrganizationRole("auditor", { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" });
 * ```
 */
export const organizationRole = define({
  name: "OrganizationRole",
  noun: "role of the organization",
  plural: "organization-roles",
  needs: ["app_authorization:read", "app_authorization:write", "organizations:read"],
  // Not spread, which would lose the comments of the fields in the declaration file.
  fields: Object.assign(
    {
      /** Scalekit's id of the organization that the role is in, `org_…`. */
      organizationId,
    },
    fields,
  ),
  outputs,
  keys: [{ fields: ["organizationId", "name"] }],
  losing: "it from every user who has it",
  api: {
    ...api,
    path: "/api/v1/organizations/{org_id}/roles",
    // The list has the roles of the environment too.
    listFilter: { isOrgRole: true },
  },
});
