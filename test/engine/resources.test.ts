import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { fixture } from "../support/fixtures.ts";
import { send } from "../support/plain-client.ts";
import { requestsOf } from "../support/seed.ts";
import { story } from "../support/story.ts";

/** A program with every kind of resource, its values from a file. */
const source = `
const scalekit = require("pulumi-scalekit");
const { values, without = [] } = require("./program.json");
const megasoft = new scalekit.Organization("megasoft", { displayName: "Megasoft", features: { sessionPolicy: true } });
const organizationId = megasoft.id;
const write = new scalekit.Permission("write", { name: "invoices:write", description: values.text });
const read = new scalekit.Permission("read", { name: "invoices:read" });
const billing = new scalekit.Role("billing", {
  name: "billing", displayName: values.text, permissions: values.both ? [write.name, read.name] : [read.name],
});
new scalekit.OrganizationRole("auditor", {
  organizationId, name: "auditor", displayName: values.text, extends: billing.name, permissions: [read.name],
});
new scalekit.OrganizationDomain("domain", { organizationId, domain: values.domain, domainType: "ORGANIZATION_DOMAIN" });
const robot = new scalekit.OrganizationApiClient("robot", {
  organizationId, name: "Robot", description: values.text, scopes: ["b", "a"], rotation: values.rotation,
});
new scalekit.OrganizationSessionPolicy("sessions", {
  organizationId, absoluteSessionTimeout: values.minutes, idleSessionTimeout: 30,
}, { dependsOn: megasoft });
new scalekit.OrganizationUserManagement("users", { organizationId, maxAllowedUsers: values.minutes });
exports.clientId = robot.clientId;
exports.clientSecret = robot.clientSecret;
`;

const first = { text: "First", both: true, domain: "megasoft.com", rotation: "2026-11", minutes: 60 };

story("every kind of resource comes, stays, changes and goes", async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator, { source });
  const declare = (values: object) => writeFile(join(stack.folder, "program.json"), JSON.stringify({ values }));
  const predefined = everything(emulator);
  const runs: string[] = [];
  const run = async (verb: "up" | "refresh" | "destroy", ...args: string[]) => {
    const ended = await stack[verb](...args);
    expect(ended, ended.text).toMatchObject({ code: 0 });
    runs.push(ended.text);
    return ended;
  };
  const credentials = async () => {
    const shown = await stack.pulumi("stack", "output", "--json", "--show-secrets");
    return JSON.parse(shown.text) as { clientId: string; clientSecret: string };
  };

  await declare(first);
  await run("up");
  const before = await credentials();
  expect(await opens(emulator, before)).toBe(true);
  expect(emulator.all("permissions")).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "invoices:write", description: "First" })]),
  );
  expect(emulator.all("domains")).toMatchObject([{ domain: "megasoft.com" }]);
  expect(emulator.all("session_policies")).toMatchObject([{ absolute: 60, idle: 30 }]);
  expect(emulator.all("user_management_settings")).toMatchObject([{ max_allowed_users: 60 }]);

  expect(await requestsOf(emulator, () => run("up", "--expect-no-changes"))).toEqual([]);
  await run("refresh", "--expect-no-changes");

  const second = { text: "Second", both: false, domain: "megasoft.io", rotation: "2026-12", minutes: 90 };
  await declare(second);
  const sent = await requestsOf(emulator, () => run("up"));
  expect(emulator.all("domains")).toMatchObject([{ domain: "megasoft.io" }]);
  expect(emulator.all("roles").filter(({ display_name }) => display_name === "Second")).toMatchObject([
    { name: "billing", permissions: ["invoices:read"] },
    { name: "auditor", permissions: ["invoices:read"], extends: "billing" },
  ]);
  expect(emulator.all("session_policies")).toMatchObject([{ absolute: 90, idle: 30 }]);
  expect(emulator.all("user_management_settings")).toMatchObject([{ max_allowed_users: 90 }]);
  const after = await credentials();
  expect(after.clientId).not.toBe(before.clientId);
  expect([await opens(emulator, before), await opens(emulator, after)]).toEqual([false, true]);
  // The new one is there before the old one goes.
  for (const kind of ["clients", "domains"]) {
    const [organization] = emulator.organizations();
    const path = `/api/v1/organizations/${organization?.id}/${kind}`;
    const made = sent.indexOf(`POST ${path}`);
    const gone = sent.findIndex((one) => one.startsWith(`DELETE ${path}/`));
    expect(made).toBeGreaterThanOrEqual(0);
    expect(gone).toBeGreaterThan(made);
  }
  await run("up", "--expect-no-changes");
  await run("refresh", "--expect-no-changes");

  const state = await stack.pulumi("stack", "export");
  const outputs = await stack.pulumi("stack", "output");
  expect(state.text).toContain("ciphertext");
  for (const { clientSecret } of [before, after]) {
    expect([state.text, outputs.text, ...runs].join("\n")).not.toContain(clientSecret);
  }

  await run("destroy");
  expect(everything(emulator)).toEqual(predefined);
});

story("the state that the version before this one left is what this one would have left", async ({ means }) => {
  const emulator = await means.emulate({ seed: fixture("state-0.1.0-organizations") as never });
  const stack = await means.stackOn(emulator);
  const stored = emulator.organizations();
  await stack.write({
    megasoft: { args: { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold", plan: "annual" } } },
    sandbox: { args: { displayName: "Sandbox" } },
    shared: {
      args: {
        displayName: "Shared",
        metadata: { tier: "gold" },
        metadataOwnership: "declared",
        deletionProtection: false,
      },
    },
  });
  const file = join(import.meta.dirname, "../fixtures/state-0.1.0.json");
  const imported = await stack.pulumi("stack", "import", "--file", file);
  expect(imported, imported.text).toMatchObject({ code: 0 });

  const preview = await stack.preview("--diff");
  expect(preview, preview.text).toMatchObject({ code: 0, changes: { same: 3 } });
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: 3 } });
  const refresh = await stack.refresh();
  expect(refresh, refresh.text).toMatchObject({ code: 0 });
  expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: 3 } });
  expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toEqual(stored);
});

/** What there is but for organizations' own settings, times aside. */
const everything = (emulator: Emulator) => ({
  organizations: emulator.organizations(),
  permissions: emulator.all("permissions").map(({ name }) => name),
  roles: emulator.all("roles").map(({ name, permissions }) => [name, permissions]),
  others: (["domains", "clients", "session_policies", "user_management_settings"] as const).map((kind) =>
    emulator.all(kind),
  ),
});

/** Whether a client gets a token. */
async function opens(emulator: Emulator, { clientId, clientSecret }: { clientId: string; clientSecret: string }) {
  const grant = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const { status } = await send(`${emulator.url}/oauth/token`, { method: "POST", body: new URLSearchParams(grant) });
  return status === 200;
}
