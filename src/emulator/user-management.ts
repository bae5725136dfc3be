import type { Stored } from "./collection.ts";
import { endpoint } from "./endpoint.ts";
import { organizationOf } from "./resource.ts";

/** An organization's user management as it is stored. */
export interface StoredUserManagement extends Stored {
  organization_id: string;
  /** Null is no feature, and 0 no limit. */
  max_allowed_users: number | null;
}

const settings = { max_allowed_users: { type: "whole", bits: 32, min: 0 } } as const;

export const userManagement = [
  endpoint({
    method: "PATCH",
    path: "/api/v1/organizations/{organization_id}/settings/usermanagement",
    resource: "OrganizationUserManagement",
    params: { organization_id: { type: "text", min: 1, max: 32, prefix: "org_" } },
    body: { settings: { type: "part", fields: settings, required: true } } as const,
    answer(asked) {
      const organization = organizationOf(asked, "organization_id");
      const given = asked.body.settings?.max_allowed_users ?? null;
      const max_allowed_users = given === null ? null : Number(given);
      const kept = asked.store.user_management_settings;
      kept.remove(organization, "");
      kept.insert(organization, { organization_id: organization, max_allowed_users }, "");
      return { settings: max_allowed_users === null ? {} : { max_allowed_users } };
    },
  }),
];
