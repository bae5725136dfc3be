import { describe, expect, test } from "vitest";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { requestsOf } from "../support/seed.ts";
import { workplace } from "../support/workplace.ts";

type Declared = readonly [kind: string, name: string, id: string, inputs: object];

const stateOf = (resources: readonly Declared[]) =>
  JSON.stringify({
    version: 3,
    deployment: {
      resources: resources.map(([kind, name, id, inputs]) => {
        const type = `pulumi-nodejs:dynamic/scalekit:${kind}`;
        return { urn: `urn:pulumi:prod::app::${type}::${name}`, type, id, inputs: { ...inputs, __provider: "" } };
      }),
    },
  });

/** An environment with some of everything, and a state that says so. */
async function begin() {
  const place = await workplace([{ display_name: "Megasoft" }, { display_name: "Initech" }]);
  const { call } = await connect(place.emulator.url);
  const organizationId = place.ids[0] as string;
  await furnish(call, organizationId);
  const get = async (path: string) => (await call("GET", `/organizations/${organizationId}${path}`)).body;
  const [robot] = (await get("/clients")).clients;
  const connection = place.emulator.connect(organizationId, { enabled: true });
  const { domains } = await get("/domains");
  const all: Declared[] = [
    ["Organization", "megasoft", organizationId, { displayName: "Megasoft" }],
    ["Permission", "write", "invoices:write", { name: "invoices:write" }],
    ["Role", "billing", "billing", { name: "billing", permissions: ["invoices:write", "sk_org_users_read"] }],
    ["OrganizationRole", "auditor", `${organizationId}/auditor`, { organizationId, extends: "billing" }],
    ...domains.map(({ id, domain, domain_type }: Record<string, string>): Declared => {
      const inputs = { organizationId, domain, domainType: domain_type };
      return ["OrganizationDomain", `${domain_type}`, `${organizationId}/${id}`, inputs];
    }),
    [
      "OrganizationApiClient",
      "robot",
      `${organizationId}/${robot.client_id}`,
      { organizationId, scopes: ["read"], customClaims: { b: "2", a: "1" }, rotation: "2026-11" },
    ],
    [
      "OrganizationConnection",
      "okta",
      `${organizationId}/${connection}`,
      { organizationId, connectionId: connection, enabled: true },
    ],
    ["OrganizationSessionPolicy", "policy", organizationId, { absoluteSessionTimeout: 600, idleSessionTimeout: 30 }],
    ["OrganizationUserManagement", "users", organizationId, { maxAllowedUsers: 5 }],
  ];
  const drift = async (state: readonly Declared[], ...args: string[]) => {
    await place.write("state.json", stateOf(state));
    return place.run("drift", "--state", "state.json", ...args);
  };
  return { ...place, call, organizationId, all, drift, robot: robot.client_id as string, connection };
}

describe("pulumi-scalekit drift of what hangs on organizations", () => {
  test("says that all is as declared, in a request for each kind and place", async () => {
    const { emulator, all, drift, organizationId } = await begin();
    const requests = await requestsOf(emulator, async () => {
      expect(await drift(all)).toEqual({
        code: 0,
        stderr: "",
        stdout: `${emulator.url}: 10 as declared, 0 changed, 0 gone, 1 unmanaged

At Scalekit, and in none of the stacks:
${"ID".padEnd(organizationId.length)}  DISPLAY NAME  EXTERNAL ID
${emulator.organizations().find(({ id }) => id !== organizationId)?.id}  Initech

Not compared, because no public endpoint shows what is set:
RESOURCE                          ID
OrganizationUserManagement users  ${organizationId}
`,
      });
    });
    expect(requests).toHaveLength(8);
  });

  test("shows what changed and what is gone of every kind", async () => {
    const { all, call, drift, organizationId, robot, connection } = await begin();
    const within = `/organizations/${organizationId}`;
    await call("PUT", "/permissions/invoices:write", { name: "invoices:write", description: "By hand" });
    await call("PUT", "/roles/billing", { display_name: "By hand", permissions: ["invoices:write"] });
    await call("DELETE", `${within}/roles/auditor`);
    await call("PATCH", `${within}/clients/${robot}`, { scopes: ["read", "write"] });
    await call("PATCH", `${within}/connections/${connection}:disable`);
    await call("PATCH", `${within}/session-policy`, { policy_source: "APPLICATION" });
    const ended = await drift(all, "--json");
    expect(ended.code).toBe(2);
    const report = JSON.parse(ended.stdout);
    expect(report.changed).toMatchObject([
      {
        kind: "Role",
        name: "billing",
        differences: [{ field: "permissions", declared: "invoices:write, sk_org_users_read", live: "invoices:write" }],
      },
      { kind: "OrganizationApiClient", differences: [{ field: "scopes", declared: "read", live: "read, write" }] },
      { kind: "OrganizationConnection", differences: [{ field: "enabled", declared: "true", live: "false" }] },
      {
        kind: "OrganizationSessionPolicy",
        differences: [
          { field: "absoluteSessionTimeout", declared: "600", live: null },
          { field: "idleSessionTimeout", declared: "30", live: null },
        ],
      },
    ]);
    expect(report.gone).toEqual([
      { source: "state.json", kind: "OrganizationRole", name: "auditor", id: `${organizationId}/auditor` },
    ]);
    const text = (await drift(all)).stdout;
    expect(text).toMatch(/^RESOURCE .* FIELD /m);
    expect(text).toMatch(/^OrganizationRole auditor +org_\d+\/auditor +declared +\(gone\)$/m);
  });

  test("tells that all of an organization is gone with it", async () => {
    const { all, call, drift, organizationId } = await begin();
    await call("DELETE", `/organizations/${organizationId}`);
    const rest = await drift(all, "--json", "--managed-only");
    expect(JSON.parse(rest.stdout).gone).toHaveLength(all.length - 2);
    expect(rest.code).toBe(2);
  });

  test("looks for unmanaged ones of the kinds that it is asked for, without Scalekit's own", async () => {
    const { all, drift, organizationId } = await begin();
    const [organization, permission] = all as [Declared, Declared];
    const asked = ["--unmanaged", "all", "--fail-on", "unmanaged"];
    const ended = await drift([organization, permission], ...asked, "--json");
    expect(ended.code).toBe(2);
    const { unmanagedThings } = JSON.parse(ended.stdout);
    expect(unmanagedThings).toHaveLength(all.length - 3);
    expect(unmanagedThings).toContainEqual({ kind: "OrganizationSessionPolicy", id: organizationId });
    expect((await drift([organization], "--unmanaged", "roles")).stdout).toContain("KIND  ID\nRole  billing\n");
    expect(await drift(all, "--unmanaged", "all", "--managed-only")).toMatchObject({ code: 1 });
  });

  test("compares no encrypted value, and prints none that is decrypted", async () => {
    const { drift } = await begin();
    const secret = (known: object) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ...known,
    });
    const stateWith = (known: object): Declared[] => [
      ["Role", "billing", "billing", { description: secret(known), permissions: ["invoices:write", secret(known)] }],
    ];
    expect((await drift(stateWith({ ciphertext: "v1:x" }))).stdout).toMatch(
      /^Role billing +description, permissions$/m,
    );
    const seeing = await drift(stateWith({ plaintext: '"the-secret"' }));
    expect(seeing).toMatchObject({ code: 2, stdout: expect.stringContaining("[secret]") });
    expect(seeing.stdout).not.toMatch(/the-secret|Money|sk_org/);
  });
});
