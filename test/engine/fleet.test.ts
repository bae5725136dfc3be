import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type Means, story } from "../support/story.ts";

const source = `
const { OrganizationFleet } = require("pulumi-scalekit");
const customers = new OrganizationFleet("customers", { file: "tenants.csv", metadata: { source: "crm" } });
exports.ids = customers.ids;
`;

/** An emulator, and a stack whose program is a fleet of the rows that `write` is given. */
async function begin({ emulate, stackOn }: Means, env: Record<string, string> = {}) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source, env });
  const write = (...rows: string[]) =>
    writeFile(
      join(stack.folder, "tenants.csv"),
      ["externalId,displayName,metadata.tier,deletionProtection", ...rows, ""].join("\n"),
    );
  return { emulator, stack, write };
}

story.concurrent(
  "a row in the file is an organization: sorted otherwise it is the same, changed it is updated, taken out it is deleted",
  async ({ means }) => {
    const { emulator, stack, write } = await begin(means);
    const odd = "Kunde/Ü::7$ 100%";
    await write("CUST-1,Megasoft,gold,", `${odd},Initech,,`, "CUST-3,Hooli,silver,");
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 3 } });
    expect(up.text).toContain("Organization Kunde%2FÜ%3A%3A7%24%20100%25 created");
    const made = emulator.organizations();
    expect(new Map(made.map(({ external_id, metadata }) => [external_id, metadata]))).toEqual(
      new Map([
        ["CUST-1", { source: "crm", tier: "gold" }],
        [odd, { source: "crm" }],
        ["CUST-3", { source: "crm", tier: "silver" }],
      ]),
    );
    const outputs = JSON.parse((await stack.pulumi("stack", "output", "--json")).text);
    expect(outputs.ids).toEqual(Object.fromEntries(made.map(({ external_id, id }) => [external_id, id])));

    await write("CUST-3,Hooli,silver,", `${odd},Initech,,`, "CUST-1,Megasoft,gold,");
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: 3 } });

    await write("CUST-4,Pied Piper,,", "CUST-3,Hooli,silver,", `${odd},Initech GmbH,,`);
    const changed = await stack.up();
    expect(changed, changed.text).toMatchObject({ code: 0, changes: { same: 1, update: 1, create: 1, delete: 1 } });
    const left = emulator.organizations();
    expect(left.map(({ external_id }) => external_id).sort()).toEqual(["CUST-3", "CUST-4", odd].sort());
    expect(left.find(({ external_id }) => external_id === odd)).toMatchObject({
      id: made.find(({ external_id }) => external_id === odd)?.id,
      display_name: "Initech GmbH",
    });
  },
);

story.concurrent(
  "a preview lists everything that is wrong with the file, and declares nothing of it",
  async ({ means }) => {
    const { emulator, stack, write } = await begin(means);
    await write("CUST-1,Megasoft,gold,", "CUST-1,Again,,", ",Initech,,", `CUST-4,${"x".repeat(201)},gold,`);
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(
      /^ +error: The fleet customers has 3 problems, and none of its organizations is declared:\n +tenants\.csv:3: externalId is the same as that of tenants\.csv:2\n +tenants\.csv:4: externalId is missing: the resource is named after it\n +tenants\.csv:5: displayName must be 1 to 200 characters long; it has 201\n/m,
    );
    expect(preview.text).not.toMatch(/\bat .*\.js:\d/);
    expect(preview.changes).toEqual({});
    expect(emulator.requests).toEqual([]);
  },
);

story.concurrent("a customer whose row is gone stays until the file says that it may go", async ({ means }) => {
  const { emulator, stack, write } = await begin(means, { SCALEKIT_DELETION_PROTECTION: "" });
  await write("CUST-1,Megasoft,gold,", "CUST-2,Initech,,");
  expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 2 } });
  await write("CUST-1,Megasoft,gold,");
  const refused = await stack.preview();
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("CUST-2");
  await write("CUST-1,Megasoft,gold,", "CUST-2,Initech,,FALSE");
  expect(await stack.up()).toMatchObject({ code: 0 });
  await write("CUST-1,Megasoft,gold,");
  expect(await stack.up()).toMatchObject({ code: 0, changes: { delete: 1 } });
  expect(emulator.organizations()).toMatchObject([{ external_id: "CUST-1" }]);
});
