import { define } from "./definition.ts";
import { required, whole } from "./field.ts";
import { organizationId } from "./organization-id.ts";

/** Minutes in ten years. The API's documents give no limit but that a timeout outlasts an access token. */
const most = 10 * 365 * 24 * 60;

/**
 * How long sessions of an organization's users last. Deleting it gives the organization the application's policy back.
 *
 * @example
 * ```ts
 * new OrganizationSessionPolicy("megasoft", {
 *   organizationId: megasoft.id,
 *   absoluteSessionTimeout: 12 * 60,
 *   idleSessionTimeout: 30,
 * });
 * ```
 */
export const organizationSessionPolicy = define({
  name: "OrganizationSessionPolicy",
  noun: "session policy of the organization",
  plural: "session-policies",
  needs: ["organizations:read", "organizations:write"],
  fields: {
    /** Scalekit's id of the organization whose users' sessions it is about, `org_…`. */
    organizationId,
    /** Minutes after which a session ends, whatever is done in it. */
    absoluteSessionTimeout: required(whole({ min: 1, max: most })),
    /** Minutes without any activity after which a session ends before that. Without it there is no such limit. */
    idleSessionTimeout: {
      ...whole({ min: 1, max: most }),
      // A limit of its own, which is switched off and on.
      empty: null,
      encodeAs: (minutes?: number) =>
        minutes === undefined
          ? { idleSessionTimeoutEnabled: false }
          : { idleSessionTimeoutEnabled: true, idleSessionTimeout: minutes },
    },
  },
  outputs: {},
  api: {
    path: "/api/v1/organizations/{organization_id}/session-policy",
    one: "policy",
    wrapped: false,
    readable: true,
    fixed: { policySource: "CUSTOM" },
    reset: { policySource: "APPLICATION" },
  },
  rules: ({ absoluteSessionTimeout: absolute, idleSessionTimeout: idle }) =>
    typeof absolute === "number" && typeof idle === "number" && idle >= absolute
      ? [["idleSessionTimeout", "must be shorter than absoluteSessionTimeout"]]
      : [],
});
