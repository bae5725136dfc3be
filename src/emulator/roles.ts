import type { Asked, Endpoint } from "./endpoint.ts";
import { atOnce } from "./pages.ts";
import { permissionName } from "./permissions.ts";
import { endpointsOf, type Parameter } from "./resource.ts";
import type { Text } from "./rules.ts";
import { notFound, refused, StatusError } from "./status.ts";
import type { Store } from "./store.ts";
import type { StoredPermission, StoredRole } from "./stored.ts";

export const roleName = { type: "text", min: 1, max: 100, pattern: /^[a-zA-Z0-9_]{1,64}$/ } as const satisfies Text;

const create = {
  name: { ...roleName, required: true },
  display_name: { type: "text", min: 1, max: 100, required: true },
  description: { type: "text", max: 2000, optional: true },
  extends: { ...roleName, optional: true },
  permissions: { type: "items", each: permissionName, max: 100 },
} as const;

const update = {
  display_name: { type: "text", min: 1, max: 100, optional: true },
  description: { type: "text", min: 1, max: 2000, optional: true },
  extends: { ...roleName, optional: true },
  permissions: create.permissions,
} as const;

const include = { type: "text", in: ["", "permissions", "permissions:all"], optional: true } as const;

export const rolePath = "/api/v1/roles";
export const organizationOfRoles = {
  path: "/api/v1/organizations/{org_id}/roles",
  owner: { name: "org_id", rule: { type: "text", min: 1, max: 32, prefix: "org" } },
} as const;

const rolesAt = (resource: string, path: string, owner?: Parameter): Endpoint[] =>
  endpointsOf<StoredRole, typeof create, typeof update>({
    resource,
    noun: "role",
    nouns: "roles",
    path,
    ...(owner && { owner }),
    one: { name: "role_name", rule: roleName },
    collection: (store) => store.roles,
    create: { body: create, status: 201 },
    update: { method: "PUT", body: update },
    query: { include },
    list: atOnce((of, organization, { listedRoles }) => {
      if (organization !== null) return [...of.of(null), ...of.of(organization)];
      return listedRoles === "all" ? of.all() : of.of(null);
    }),
    make({ body, ...asked }, organization) {
      const role = {
        organization_id: organization,
        name: body.name ?? "",
        display_name: body.display_name ?? "",
        description: body.description ?? "",
        extends: body.extends ?? null,
        permissions: [...new Set(body.permissions ?? [])],
        users: 0,
      };
      if (organization !== null && asked.store.roles.find(null, role.name)) throw refused("duplicate key not allowed");
      requireReferences(role, asked);
      return role;
    },
    key: ({ name }) => name,
    guardChange: (after, asked) => requireReferences(after, asked),
    removeQuery: { reassign_role_name: { ...roleName, optional: true } },
    beforeRemove: makeRemovable,
    show: (role, { store, query }, organization) => format(role, store, organization, query("include") ?? ""),
  });

/** The roles of the environment. */
export const roles = rolesAt("Role", rolePath);

/** The roles of organizations, which see the environment's too. */
export const organizationRoles = rolesAt("OrganizationRole", organizationOfRoles.path, organizationOfRoles.owner);

/** Lets users have a role, as many as said. The emulator knows no more of users. */
export function assign(store: Store, name: string, users: number, organization: string | null = null): void {
  const role = store.roles.find(organization, name);
  if (!role) throw new Error(`there is no role ${name}${organization === null ? "" : ` in ${organization}`}`);
  store.roles.update(organization, { ...role, users }, name);
}

/** The role of the environment that a path names. */
export function roleOf({ store, param }: Asked): StoredRole {
  const role = store.roles.find(null, param("role_name"));
  if (!role) throw notFound("role");
  return role;
}

/** A role by its name, as an organization sees it: its own, or the environment's. */
export const seenRole = (store: Store, organization: string | null, name: string): StoredRole | undefined =>
  store.roles.find(organization, name) ?? store.roles.find(null, name);

/** A role as it is shown, with its own permissions, all that it has, or none, as is asked for. */
export function format(role: StoredRole, store: Store, organization: string | null, include: string): object {
  const { creator } = store.default_roles.find(null, "") ?? {};
  const { member } = store.default_roles.find(organization, "") ?? store.default_roles.find(null, "") ?? {};
  const from = include === "" ? [] : include === "permissions" ? [role] : lineage(role, store);
  return {
    id: role.id,
    name: role.name,
    display_name: role.display_name,
    description: role.description,
    default_creator: role.name === creator && role.organization_id === null,
    default_member: role.name === member,
    ...(role.extends === null ? {} : { extends: role.extends }),
    permissions: from.flatMap(({ name, permissions }) =>
      permissionsOf(permissions, store).map(({ is_scalekit_permission: _, ...one }) => ({ ...one, role_name: name })),
    ),
    dependent_roles_count: dependentsOf(role, store).length,
    is_org_role: role.organization_id !== null,
  };
}

/** A role and those that it extends, as far as they go. */
export function lineage(role: StoredRole, store: Store): StoredRole[] {
  const line: StoredRole[] = [];
  for (let one: StoredRole | undefined = role; one && !line.some(({ id }) => id === one?.id); ) {
    line.push(one);
    one = one.extends === null ? undefined : seenRole(store, one.organization_id, one.extends);
  }
  return line;
}

/** The roles that extend a role. */
export const dependentsOf = (role: StoredRole, store: Store): StoredRole[] =>
  store.roles
    .all()
    .filter(
      (other) => other.extends === role.name && seenRole(store, other.organization_id, other.extends)?.id === role.id,
    );

export const permissionsOf = (names: readonly string[], store: Store): StoredPermission[] =>
  names.flatMap((name) => store.permissions.find(null, name) ?? []);

/** Throws if a named permission or role does not exist. */
export function requireNamed<T>(
  found: T | undefined,
  what: string,
  { semantics }: Pick<Asked, "semantics">,
): asserts found is T {
  if (found !== undefined) return;
  const code = semantics.unknownReference === 404 ? "NOT_FOUND" : "INVALID_ARGUMENT";
  throw new StatusError(semantics.unknownReference, code, `${what} not found`);
}

function requireReferences(
  role: Pick<StoredRole, "organization_id" | "name" | "extends" | "permissions">,
  asked: Pick<Asked, "store" | "semantics">,
): void {
  const { store } = asked;
  for (const name of role.permissions) requireNamed(store.permissions.find(null, name), "permission", asked);
  if (role.extends === null) return;
  const base = seenRole(store, role.organization_id, role.extends);
  requireNamed(base, "base role", asked);
  const own = (other: StoredRole) => other.name === role.name && other.organization_id === role.organization_id;
  if (base && lineage(base, store).some(own)) throw refused("a role cannot extend itself");
}

/** Moves the users and the dependent roles of a role to another one. Throws if the request names none. */
function makeRemovable(role: StoredRole, asked: Asked, organization: string | null): void {
  const { store, query } = asked;
  const name = query("reassign_role_name");
  const replacement = name ? seenRole(store, organization, name) : undefined;
  if (name) requireNamed(replacement, "role to reassign to", asked);
  const dependents = dependentsOf(role, store);
  if (replacement === undefined) {
    if (role.users > 0) throw refused("role cannot be deleted as it is assigned to users");
    if (dependents.length > 0) throw refused("role cannot be deleted as other roles extend it");
    return;
  }
  if (lineage(replacement, store).some(({ id }) => id === role.id)) {
    throw refused("role cannot be replaced by itself, or by a role that extends it");
  }
  for (const dependent of dependents) {
    store.roles.update(dependent.organization_id, { ...dependent, extends: replacement.name }, dependent.name);
  }
  const users = replacement.users + role.users;
  store.roles.update(replacement.organization_id, { ...replacement, users }, replacement.name);
}
