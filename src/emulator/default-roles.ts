import { type Asked, type Endpoint, endpoint } from "./endpoint.ts";
import { organizationOf } from "./resource.ts";
import { format, organizationOfRoles, requireNamed, roleName, rolePath, seenRole } from "./roles.ts";
import type { StoredRole } from "./stored.ts";

const optionalRole = { ...roleName, optional: true } as const;
const deprecated = {
  type: "part",
  fields: { id: { type: "text", optional: true }, name: optionalRole },
} as const;
const ofEnvironment = {
  default_creator_role: optionalRole,
  default_member_role: optionalRole,
  default_creator: deprecated,
  default_member: deprecated,
} as const;
const ofOrganization = { default_member_role: { ...roleName, required: true } } as const;

/** Which roles new users get: the environment's, which have two paths, and an organization's. */
export const defaultRoles: Endpoint[] = [
  ...[`${rolePath}:set_defaults`, `${rolePath}/default`].map((path) =>
    endpoint({
      method: "PATCH",
      path,
      resource: "Role",
      body: ofEnvironment,
      answer(asked) {
        const { body } = asked;
        const kept = asked.store.default_roles;
        const before = kept.find(null, "");
        const old = ({ id, name }: { id?: string | null; name?: string | null } = {}) =>
          name ?? asked.store.roles.of(null).find((role) => role.id === id)?.name ?? id;
        const creator = body.default_creator_role ?? old(body.default_creator ?? {}) ?? before?.creator ?? "";
        const member = body.default_member_role ?? old(body.default_member ?? {}) ?? before?.member ?? "";
        const [first, second] = [found(asked, null, creator), found(asked, null, member)];
        kept.remove(null, "");
        kept.insert(null, { creator, member }, "");
        return {
          default_creator: format(first, asked.store, null, "permissions"),
          default_member: format(second, asked.store, null, "permissions"),
        };
      },
    }),
  ),
  endpoint({
    method: "PATCH",
    path: `${organizationOfRoles.path}:set_defaults`,
    resource: "OrganizationRole",
    params: { [organizationOfRoles.owner.name]: organizationOfRoles.owner.rule },
    body: ofOrganization,
    answer(asked) {
      const organization = organizationOf(asked, organizationOfRoles.owner.name);
      const member = asked.body.default_member_role ?? "";
      const role = found(asked, organization, member);
      asked.store.default_roles.remove(organization, "");
      asked.store.default_roles.insert(organization, { member }, "");
      return { default_member: format(role, asked.store, organization, "permissions") };
    },
  }),
];

function found(asked: Asked, organization: string | null, name: string): StoredRole {
  const role = seenRole(asked.store, organization, name);
  requireNamed(role, "role", asked);
  return role;
}
