import { type Endpoint, endpoint } from "./endpoint.ts";
import { permissionName } from "./permissions.ts";
import { dependentsOf, format, lineage, permissionsOf, requireNamed, roleName, roleOf, rolePath } from "./roles.ts";
import { notFound } from "./status.ts";

const one = `${rolePath}/{role_name}`;
const resource = "Role";
const params = { role_name: { ...roleName, max: 64 } };

/** What hangs on a role of the environment. */
export const rolePermissions: Endpoint[] = [
  {
    method: "GET",
    path: `${one}/permissions`,
    resource,
    params,
    answer: (asked) => ({ permissions: permissionsOf(roleOf(asked).permissions, asked.store) }),
  },
  {
    method: "GET",
    path: `${one}/permissions:all`,
    resource,
    params,
    answer(asked) {
      const names = lineage(roleOf(asked), asked.store).flatMap(({ permissions }) => permissions);
      return { permissions: permissionsOf([...new Set(names)], asked.store) };
    },
  },
  endpoint({
    method: "POST",
    path: `${one}/permissions`,
    resource,
    params,
    body: { permission_names: { type: "items", each: permissionName, min: 1, max: 100, required: true } } as const,
    answer(asked) {
      const role = roleOf(asked);
      const added = asked.body.permission_names ?? [];
      for (const name of added) requireNamed(asked.store.permissions.find(null, name), "permission", asked);
      const permissions = [...new Set([...role.permissions, ...added])];
      asked.store.roles.update(null, { ...role, permissions }, role.name);
      return { permissions: permissionsOf(permissions, asked.store) };
    },
  }),
  {
    method: "DELETE",
    path: `${one}/permissions/{permission_name}`,
    resource,
    params: { ...params, permission_name: permissionName },
    answer(asked) {
      const role = roleOf(asked);
      const name = asked.param("permission_name");
      if (!asked.store.permissions.find(null, name)) throw notFound("permission");
      const permissions = role.permissions.filter((other) => other !== name);
      asked.store.roles.update(null, { ...role, permissions }, role.name);
      return {};
    },
  },
  {
    method: "GET",
    path: `${one}/dependents`,
    resource,
    params,
    answer: (asked) => ({
      roles: dependentsOf(roleOf(asked), asked.store).map((role) =>
        format(role, asked.store, role.organization_id, "permissions"),
      ),
    }),
  },
  {
    method: "GET",
    path: `${one}/users:count`,
    resource,
    params,
    answer: (asked) => ({ count: String(roleOf(asked).users) }),
  },
];
