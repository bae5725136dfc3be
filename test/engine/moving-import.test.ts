import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { furnish } from "../support/furnish.ts";
import { declare, writesOf } from "../support/moving.ts";
import { connect } from "../support/plain-client.ts";
import { seed } from "../support/seed.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

/** What there is, each with its id and the arguments that equal it. */
const source = `
const { declared } = require("./program.json");
const scalekit = require("pulumi-scalekit/native");
for (const [kind, { id, args }] of Object.entries(declared)) new scalekit[kind](kind, args, id && { import: id });`;

story.concurrent(
  "the import option of the native classes takes in what exists of every kind, and up then changes nothing",
  { timeout: 400_000 },
  async ({ means }) => {
    const emulator = await means.emulate();
    const [organizationId = ""] = await seed(emulator, [
      { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } },
    ]);
    const { call } = await connect(emulator.url);
    await furnish(call, organizationId);
    emulator.connect(organizationId, { id: "conn_1", enabled: true });
    const { domains } = (await call("GET", `/organizations/${organizationId}/domains`)).body;
    const { clients } = (await call("GET", `/organizations/${organizationId}/clients`)).body;
    const { id: domainId } = domains.find((one: { domain_type: string }) => one.domain_type === "ORGANIZATION_DOMAIN");
    const declared: Record<string, { id?: string; args: object }> = {
      Organization: {
        id: organizationId,
        args: { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } },
      },
      Permission: { id: "invoices:write", args: { name: "invoices:write" } },
      Role: {
        id: "billing",
        args: {
          name: "billing",
          displayName: "Billing",
          description: "Money",
          permissions: ["sk_org_users_read", "invoices:write"],
        },
      },
      OrganizationRole: {
        id: `${organizationId}/auditor`,
        args: { organizationId, name: "auditor", displayName: "Auditor", extends: "billing" },
      },
      OrganizationDomain: {
        id: `${organizationId}/${domainId}`,
        args: { organizationId, domain: "megasoft.com", domainType: "ORGANIZATION_DOMAIN" },
      },
      OrganizationApiClient: {
        id: `${organizationId}/${clients[0].client_id}`,
        args: {
          organizationId,
          name: "Robot",
          scopes: ["read"],
          customClaims: { a: "1", b: "2" },
          expiry: Number(clients[0].expiry),
        },
      },
      OrganizationSessionPolicy: {
        id: organizationId,
        args: { organizationId, absoluteSessionTimeout: 600, idleSessionTimeout: 30 },
      },
      OrganizationConnection: {
        id: `${organizationId}/conn_1`,
        args: { organizationId, connectionId: "conn_1", enabled: true },
      },
    };
    const count = Object.keys(declared).length;
    const stack = await means.stackOn(emulator, { source, env: { SCALEKIT_DELETION_PROTECTION: "" } });
    await declare(stack, { declared });
    const writes = await writesOf(emulator, async () => {
      const preview = await expectSuccess(stack.preview());
      expect(preview.steps, preview.text).toEqual({ import: count });
      const up = await expectSuccess(stack.up());
      expect(up.steps, up.text).toEqual({ import: count });
      // The option may stay in the program or go.
      await expectSuccess(stack.up("--expect-no-changes"));
      for (const one of Object.values(declared)) delete one.id;
      await declare(stack, { declared });
      await expectSuccess(stack.up("--expect-no-changes"));
      await expectSuccess(stack.refresh("--expect-no-changes"));
    });
    expect(writes).toEqual([]);
    expect((await stack.resources()).map(({ type }) => type.split(":").at(-1)).sort()).toEqual(
      Object.keys(declared).sort(),
    );
  },
);

story.concurrent("what is imported becomes what the program declares, by one request", async ({ means }) => {
  const emulator = await means.emulate();
  const [id = ""] = await seed(emulator, [
    { display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } },
  ]);
  const stack = await means.stackOn(emulator, { source });
  const args = { displayName: "Megasoft Inc", externalId: "CUST-1" };
  await declare(stack, { declared: { Organization: { id: "org_404", args } } });
  const missing = await stack.preview();
  expect(missing.code, missing.text).not.toBe(0);
  expect(missing.text).toContain("org_404");
  // By what is unique in place of the id. The metadata that nobody declares goes, as from any resource that had it.
  await declare(stack, { declared: { Organization: { id: "externalId=CUST-1", args } } });
  const sent = await writesOf(emulator, () => expectSuccess(stack.up()));
  expect(sent).toEqual([`PATCH /api/v1/organizations/${id}`]);
  expect(emulator.organizations()).toMatchObject([{ id, display_name: "Megasoft Inc", external_id: "CUST-1" }]);
  expect((await stack.organizations()).map((one) => one.id)).toEqual([id]);
  await expectSuccess(stack.up("--expect-no-changes"));
  await expectSuccess(stack.refresh("--expect-no-changes"));
});

story.concurrent("the import option of the dynamic classes is refused, with what to do", async ({ means }) => {
  const emulator = await means.emulate();
  const [id = ""] = await seed(emulator, [{ display_name: "Megasoft" }]);
  const stack = await means.stackOn(emulator);
  await stack.write({ megasoft: { args: { displayName: "Megasoft" }, opts: { import: id } } });
  const refused = await stack.preview();
  expect(refused.code).not.toBe(0);
  const text = refused.text.replaceAll(/\s+/g, " ");
  expect(text).toContain("Organization megasoft: a dynamic provider cannot import");
  expect(text).toContain("`pulumi-scalekit import`");
  expect(text).toContain("pulumi-scalekit/native");
  expect(refused.text).not.toMatch(/node_modules|\.js:\d|unhandled/);
  await writeFile(join(stack.folder, "index.js"), source);
  await declare(stack, { declared: { Organization: { id, args: { displayName: "Megasoft" } } } });
  await expectSuccess(stack.up());
});
