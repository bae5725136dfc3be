import { byToken } from "./pages.ts";
import { endpointsOf } from "./resource.ts";
import type { Text } from "./rules.ts";
import { refused } from "./status.ts";
import type { StoredPermission } from "./stored.ts";

export const permissionName = { type: "text", min: 1, max: 64, pattern: /^[a-zA-Z0-9_:]+$/ } as const satisfies Text;

const body = {
  name: { type: "text", required: true, min: 1, max: 100, pattern: /^[a-zA-Z0-9_:]{1,64}$/ },
  description: { type: "text", max: 2000 },
} as const;

export const permissions = endpointsOf<StoredPermission, typeof body, typeof body>({
  resource: "Permission",
  noun: "permission",
  nouns: "permissions",
  path: "/api/v1/permissions",
  one: { name: "permission_name", rule: permissionName },
  collection: (store) => store.permissions,
  create: { body, status: 201 },
  update: { method: "PUT", body },
  list: byToken(
    { min: 1, max: 100, outside: "reject", optional: true },
    { type: { type: "text", in: ["ALL", "SCALEKIT", "ENVIRONMENT"], optional: true } },
    (filter) => {
      const type = filter("type") ?? "ALL";
      return type === "ALL" ? undefined : ["is_scalekit_permission", type === "SCALEKIT" ? 1 : 0];
    },
  ),
  make: ({ body }) => ({
    name: body.name ?? "",
    description: body.description ?? "",
    is_scalekit_permission: false,
  }),
  key: ({ name }) => name,
  keep: ["name"],
  beforeRemove({ name }, { store, semantics }) {
    for (const role of store.roles.all().filter(({ permissions }) => permissions.includes(name))) {
      if (semantics.permissionInUse === "refused") throw refused("permission cannot be deleted as roles have it");
      const permissions = role.permissions.filter((other) => other !== name);
      store.roles.update(role.organization_id, { ...role, permissions }, role.name);
    }
  },
  show: (permission) => permission,
});
