import { type Asked, endpoint } from "./endpoint.ts";
import { organizationOf } from "./resource.ts";
import { throwIfAny, violation } from "./rules.ts";
import { StatusError } from "./status.ts";
import type { Stored, StoredSessionPolicy } from "./stored.ts";

const units: Readonly<Record<string, number>> = { SESSION_TIME_UNIT_UNSPECIFIED: 1, MINUTES: 1, HOURS: 60, DAYS: 1440 };
const unit = { type: "choice", of: Object.keys(units) } as const;
const timeout = { type: "whole", bits: 32, optional: true } as const;
const body = {
  policy_source: { type: "choice", of: ["SESSION_POLICY_TYPE_UNSPECIFIED", "APPLICATION", "CUSTOM"] },
  absolute_session_timeout: timeout,
  absolute_session_timeout_unit: unit,
  idle_session_timeout_enabled: { type: "flag", optional: true },
  idle_session_timeout: timeout,
  idle_session_timeout_unit: unit,
} as const;

/** The application's own, which no custom timeout may be as short as. */
const accessTokenMinutes = 5;

const place = {
  path: "/api/v1/organizations/{organization_id}/session-policy",
  resource: "OrganizationSessionPolicy",
  params: { organization_id: { type: "text", min: 1, max: 32, prefix: "org_" } },
} as const;

export const sessionPolicies = [
  endpoint({
    ...place,
    method: "GET",
    answer: (asked) => ({ policy: show(find(asked, organizationOf(asked, "organization_id"))) }),
  }),
  endpoint({
    ...place,
    method: "PATCH",
    body,
    answer(asked) {
      const { body, store, semantics } = asked;
      const organization = organizationOf(asked, "organization_id");
      const before = find(asked, organization);
      const source = named(body.policy_source) ?? (before ? "CUSTOM" : "APPLICATION");
      if (source === "APPLICATION") {
        store.session_policies.remove(organization, "");
        return { policy: show(undefined) };
      }
      const on = store.byId(organization)?.features["session_policy"] === true;
      if (semantics.sessionPolicyFeature === "required" && !on) {
        throw new StatusError(403, "PERMISSION_DENIED", "session policy is not enabled for the organization");
      }
      const absolute = minutes(body.absolute_session_timeout, body.absolute_session_timeout_unit);
      const idle = minutes(body.idle_session_timeout, body.idle_session_timeout_unit);
      const idleEnabled = body.idle_session_timeout_enabled ?? undefined;
      const after = {
        ...(semantics.sessionPolicy === "merge" ? before : {}),
        organization_id: organization,
        ...(absolute === undefined ? {} : { absolute }),
        ...(idle === undefined ? {} : { idle }),
        ...(idleEnabled === undefined ? {} : { idleEnabled }),
      };
      throwIfAny(violationsOf(after));
      const saved = before
        ? store.session_policies.update(organization, { ...after, ...stampOf(before) }, "")
        : store.session_policies.insert(organization, after, "");
      return { policy: show(saved) };
    },
  }),
];

const find = ({ store }: Asked, organization: string) => store.session_policies.find(organization, "");

const stampOf = ({ id, create_time, update_time }: Stored) => ({ id, create_time, update_time });

const named = (choice: string | null | undefined) => (choice?.endsWith("_UNSPECIFIED") ? undefined : choice);

const minutes = (value: number | string | null | undefined, unit: string | null | undefined): number | undefined =>
  value === null || value === undefined ? undefined : Number(value) * (units[unit ?? "MINUTES"] ?? 1);

function* violationsOf({ absolute, idle, idleEnabled }: Omit<StoredSessionPolicy, keyof Stored>) {
  const least = idleEnabled ? (idle ?? accessTokenMinutes) : accessTokenMinutes;
  if (absolute !== undefined && absolute <= Math.max(least, accessTokenMinutes)) {
    const than = idleEnabled ? "the idle timeout and the access token's lifetime" : "the access token's lifetime";
    yield violation("absolute_session_timeout", `value must be longer than ${than}`, "session_policy.absolute");
  }
  if (idleEnabled && idle !== undefined && idle <= accessTokenMinutes) {
    yield violation(
      "idle_session_timeout",
      "value must be longer than the access token's lifetime",
      "session_policy.idle",
    );
  }
}

/** In minutes always, and without what does not hold. */
function show(policy: StoredSessionPolicy | undefined): object {
  if (!policy) return { policy_source: "APPLICATION" };
  const { absolute, idle, idleEnabled } = policy;
  return {
    policy_source: "CUSTOM",
    ...(absolute === undefined ? {} : { absolute_session_timeout: absolute, absolute_session_timeout_unit: "MINUTES" }),
    ...(idleEnabled === undefined ? {} : { idle_session_timeout_enabled: idleEnabled }),
    ...(idle === undefined || idleEnabled === false
      ? {}
      : { idle_session_timeout: idle, idle_session_timeout_unit: "MINUTES" }),
  };
}
