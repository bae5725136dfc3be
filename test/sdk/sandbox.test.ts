import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { runInSandbox } from "../support/sandbox.ts";
import { repository } from "../support/stack.ts";

/** What an `async` function with this body returns, in a unit test's sandbox that has the built package and mocks. */
async function inSandbox(body: string): Promise<unknown> {
  const program = `
    const pulumi = require("@pulumi/pulumi");
    const scalekit = require("pulumi-scalekit");
    const known = (output) => new Promise((resolve) => void output.apply(resolve));
    module.exports = (async () => {
      const newResource = ({ name, id, inputs }) => ({ id: id || name, state: inputs });
      await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
      return (async () => { ${body} })().then(JSON.stringify);
    })();`;
  return JSON.parse((await runInSandbox(program, join(repository, "unit-test.js"))) as string);
}

test("every class can be declared and read in a realm that is not Node's own", async () => {
  const came = await inSandbox(`
    const came = {};
    for (const [name, Class] of Object.entries(scalekit).filter(([, { get }]) => get)) {
      const args = { organizationId: "org_1", name: "a", displayName: "A", metadata: Promise.resolve({ tier: "gold" }) };
      const ids = [new Class("declared", args), Class.get("read", "known")].map(({ id }) => known(id));
      came[name] = await Promise.all(ids);
    }
    return came;`);
  expect(Object.keys(came as object)).toHaveLength(9);
  for (const ids of Object.values(came as object)) expect(ids).toEqual(["declared", "known"]);
});

test("a fleet can, and says what is wrong with its file", async () => {
  const came = await inSandbox(`
    const metadata = Promise.resolve({ tier: "gold" });
    const fleet = new scalekit.OrganizationFleet("a", { tenants: [{ externalId: "A", displayName: "A", metadata }] });
    const message = (file) => {
      try { new scalekit.OrganizationFleet("b", { file }); } catch (error) { return error.message; }
    };
    return { ids: await known(fleet.ids), message: message("there-is-none.csv") };`);
  expect(came).toEqual({ ids: { A: "A" }, message: expect.stringContaining("there-is-none.csv: does not exist") });
});

test("a set can, and gives its ids", async () => {
  const came = await inSandbox(`
    const metadata = Promise.resolve({ tier: "gold" });
    const tenants = [{ externalId: "B", displayName: "B", metadata }, { externalId: "A", displayName: "A" }];
    const set = new scalekit.OrganizationSet("a", { tenants });
    return { tenants: await known(set.tenants), ids: await known(set.ids) };`);
  expect(came).toEqual({ tenants: "A,A\nB,B,metadata.tier=gold", ids: {} });
});

test("look-ups load their client there", async () => {
  await using emulator = await startEmulator({ seed: [{ display_name: "Megasoft" }] });
  for (const [name, value] of Object.entries(emulator.environment)) vi.stubEnv(name, value);
  const came = await inSandbox(`
    const [{ displayName }] = await scalekit.getOrganizations();
    const message = await scalekit.getOrganization({ externalId: "none" }).catch((error) => error.message);
    return { displayName, message };`);
  expect(came).toEqual({ displayName: "Megasoft", message: expect.stringContaining("There is no organization") });
  vi.unstubAllEnvs();
});
