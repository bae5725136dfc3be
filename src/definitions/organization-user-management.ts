import { define } from "./definition.ts";
import { required, whole } from "./field.ts";
import { organizationId } from "./organization-id.ts";

/**
 * How many users an organization may have. Deleting it switches the limit off. No public endpoint tells what is set, so a
 * change by hand is not seen.
 *
 * @example
 * ```ts
 * new OrganizationUserManagement("megasoft", { organizationId: megasoft.id, maxAllowedUsers: 50 });
 * ```
 */
export const organizationUserManagement = define({
  name: "OrganizationUserManagement",
  noun: "user management of the organization",
  plural: "user-managements",
  needs: ["organizations:read", "organizations:write"],
  fields: {
    /** Scalekit's id of the organization whose users it is about, `org_…`. */
    organizationId,
    /** How many users the organization may have; 0 is no limit. */
    maxAllowedUsers: required(whole({ min: 0, max: 2 ** 31 - 1 })),
  },
  outputs: {},
  api: {
    path: "/api/v1/organizations/{organization_id}/settings/usermanagement",
    one: "settings",
    wrapped: true,
    // Reading it is a PREVIEW endpoint, so a change by hand is not seen.
    readable: false,
    reset: { maxAllowedUsers: null },
  },
});
