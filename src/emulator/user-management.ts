import { endpoint } from "./endpoint.ts";
import { organizationOf } from "./resource.ts";

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
