import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { definitions } from "../../src/definitions/index.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import * as scalekit from "../../src/index.ts";
import { connect } from "../support/plain-client.ts";
import { requestsOf } from "../support/seed.ts";

/** A program's run in an environment that has one of everything. */
async function begin() {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  const { call, create } = await connect(emulator.url);
  const { id: organizationId } = await create({ display_name: "Megasoft" });
  const { id: other } = await create({ display_name: "Initech" });
  const within = `/organizations/${organizationId}`;
  await call("POST", "/permissions", { name: "invoices:write", description: "Write invoices" });
  await call("POST", "/roles", { name: "billing", display_name: "Billing", permissions: ["invoices:write"] });
  await call("POST", `${within}/roles`, { name: "auditor", display_name: "Auditor" });
  const domain = await call("POST", `${within}/domains`, { domain: "megasoft.com" });
  const client = await call("POST", `${within}/clients`, { name: "Robot", scopes: ["read"] });
  const connectionId = emulator.connect(organizationId, { provider: "OKTA", type: "SAML" });
  await call("PATCH", `${within}/session-policy`, { policy_source: "CUSTOM", absolute_session_timeout: 600 });
  return {
    emulator,
    call,
    organizationId: organizationId as string,
    other: other as string,
    domainId: domain.body.domain.id as string,
    connectionId,
    clientId: client.body.client.client_id as string,
    clientSecret: client.body.plain_secret as string,
  };
}

const newRun = () => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });

beforeEach(newRun);
afterEach(() => vi.unstubAllEnvs());

test("each kind that a public endpoint reads is found by its key and by its id", async () => {
  const { organizationId, domainId, clientId, connectionId } = await begin();
  const domain = { organizationId, domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" };
  const found = [
    [
      scalekit.getPermission,
      { name: "invoices:write" },
      { description: "Write invoices", isScalekitPermission: false },
    ],
    [scalekit.getRole, { name: "billing" }, { displayName: "Billing", permissions: ["invoices:write"] }],
    [scalekit.getOrganizationRole, { organizationId, name: "auditor" }, { displayName: "Auditor" }],
    [scalekit.getOrganizationDomain, domain, { domainId, verificationStatus: "AUTO_VERIFIED" }],
    [scalekit.getOrganizationApiClient, { organizationId, clientId }, { name: "Robot", scopes: ["read"] }],
    [scalekit.getOrganizationConnection, { organizationId, connectionId }, { provider: "OKTA", enabled: false }],
    [scalekit.getOrganizationSessionPolicy, { organizationId }, { absoluteSessionTimeout: 600 }],
  ] as unknown as [(args: object) => Promise<{ id: string }>, object, object][];
  for (const [get, key, expected] of found) {
    const byKey = await get(key);
    expect(byKey).toMatchObject({ ...key, ...expected });
    await newRun();
    expect(await get({ id: byKey.id })).toEqual(byKey);
  }
});

test("every kind has look-ups, but for one that no public endpoint reads", () => {
  for (const { name, api } of Object.values(definitions)) {
    const readable = !("readable" in api) || api.readable;
    expect(`get${name}` in scalekit, name).toBe(readable);
    expect(`get${name}Output` in scalekit, name).toBe(readable);
    expect(`get${name}s` in scalekit, name).toBe(!("reset" in api));
    expect(`get${name}sOutput` in scalekit, name).toBe(!("reset" in api));
  }
});

test("lists have all of a kind, and none of another's", async () => {
  const { organizationId, other, call, connectionId, emulator } = await begin();
  emulator.connect(other, { enabled: true });
  expect(await scalekit.getOrganizationConnections({ organizationId })).toMatchObject([
    { connectionId, organizationId, provider: "OKTA", type: "SAML", status: "COMPLETED", enabled: false },
  ]);
  const names = (all: readonly { name: string }[]) => all.map(({ name }) => name);
  expect(names(await scalekit.getPermissions())).toEqual(
    expect.arrayContaining(["invoices:write", "sk_org_users_read"]),
  );
  expect(names(await scalekit.getRoles()).sort()).toEqual(["admin", "billing", "member"]);
  expect(names(await scalekit.getOrganizationRoles({ organizationId }))).toEqual(["auditor"]);
  expect(await scalekit.getOrganizationRoles({ organizationId: other })).toEqual([]);
  for (let n = 0; n < 120; n++) {
    const body = { domain: `megasoft-${n}.com`, domain_type: "ALLOWED_EMAIL_DOMAIN" };
    expect(await call("POST", `/organizations/${organizationId}/domains`, body)).toMatchObject({ status: 200 });
  }
  expect(await scalekit.getOrganizationDomains({ organizationId })).toHaveLength(121);
});

test("an API client is found without its secret", async () => {
  const { organizationId, clientId, clientSecret } = await begin();
  const found = await scalekit.getOrganizationApiClient({ organizationId, clientId });
  expect(JSON.stringify([found, await scalekit.getOrganizationApiClients({ organizationId })])).not.toContain(
    clientSecret,
  );
  expectTypeOf(found).not.toHaveProperty("clientSecret");
  expectTypeOf(found.name).toEqualTypeOf<string>();
  expectTypeOf(found.expiry).toEqualTypeOf<number | undefined>();
});

test("a run asks once for what it asks for twice, and for a list only once for all that is in it", async () => {
  const { emulator, organizationId } = await begin();
  const domain = { organizationId, domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" };
  const requests = await requestsOf(emulator, async () => {
    await Promise.all([scalekit.getRole({ name: "billing" }), scalekit.getRole({ id: "billing" })]);
    await scalekit.getOrganizationDomain(domain);
    await scalekit.getOrganizationDomains({ organizationId });
  });
  expect(requests).toEqual(["GET /api/v1/roles/billing", `GET /api/v1/organizations/${organizationId}/domains`]);
});

test("what is not there is reported without what was asked for, and where it was looked for", async () => {
  const { emulator, other } = await begin();
  const error = await scalekit.getRole({ name: "s3cret" }).catch((caught: Error) => caught);
  expect(String(error)).toContain(
    `There is no role with the name that getRole was given in the Scalekit environment at ${emulator.url}`,
  );
  expect(String(error)).not.toContain("s3cret");
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  await expect(scalekit.getOrganizationSessionPolicy({ organizationId: other })).rejects.toThrow(
    "no session policy of the organization",
  );
  await expect(scalekit.getOrganizationDomains({ organizationId: "" })).rejects.toThrow("at least one character");
});

test("a look-up takes an id or all of a key", async () => {
  await begin();
  const loosely = scalekit.getOrganizationRole as (args: object) => Promise<unknown>;
  const message = "getOrganizationRole takes an id, or organizationId and name, but it was given";
  await expect(loosely({})).rejects.toThrow(`${message} neither`);
  await expect(loosely({ name: "x" })).rejects.toThrow(`${message} name.`);
  await expect(loosely({ id: "org_1/x", name: "x" })).rejects.toThrow(`${message} id and name`);
  await expect(loosely({ organizationId: "org_1", name: 7 })).rejects.toThrow("needs name to be a string");
  expectTypeOf<{ name: string }>().not.toExtend<Parameters<typeof scalekit.getOrganizationRole>[0]>();
});

test("what is looked up by a secret is a secret", async () => {
  const { organizationId } = await begin();
  const known = <T>(output: pulumi.Output<T>): Promise<T> => (output as unknown as { promise(): Promise<T> }).promise();
  const plain = scalekit.getRoleOutput({ name: pulumi.output("billing") });
  expect(await known(plain.displayName)).toBe("Billing");
  expect(await pulumi.isSecret(plain)).toBe(false);
  expect(await pulumi.isSecret(scalekit.getRoleOutput({ name: pulumi.secret("billing") }))).toBe(true);
  const all = scalekit.getOrganizationRolesOutput({ organizationId: pulumi.secret(organizationId) });
  expect(await known(all)).toHaveLength(1);
  expect(await pulumi.isSecret(all)).toBe(true);
  expect(await known(scalekit.getRolesOutput())).toHaveLength(3);
});
