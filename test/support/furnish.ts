import type { connect } from "./plain-client.ts";

/** Gives an environment and one of its organizations some of everything, past this package. Gives the API client's secret. */
export async function furnish(
  call: Awaited<ReturnType<typeof connect>>["call"],
  organization: string,
): Promise<string> {
  const within = `/organizations/${organization}`;
  await call("POST", "/permissions", { name: "invoices:write" });
  await call("POST", "/roles", {
    name: "billing",
    display_name: "Billing",
    description: "Money",
    permissions: ["sk_org_users_read", "invoices:write"],
  });
  await call("POST", `${within}/roles`, { name: "auditor", display_name: "Auditor", extends: "billing" });
  await call("POST", `${within}/domains`, { domain: "megasoft.com" });
  await call("POST", `${within}/domains`, { domain: "megasoft.com", domain_type: "ALLOWED_EMAIL_DOMAIN" });
  await call("PATCH", `${within}/session-policy`, {
    policy_source: "CUSTOM",
    absolute_session_timeout: 600,
    idle_session_timeout_enabled: true,
    idle_session_timeout: 30,
  });
  const custom_claims = [
    { key: "b", value: "2" },
    { key: "a", value: "1" },
  ];
  const robot = await call("POST", `${within}/clients`, { name: "Robot", scopes: ["read"], custom_claims });
  return robot.body.plain_secret;
}
