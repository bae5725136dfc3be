import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { command } from "../support/command.ts";
import { byHand, requestsOf } from "../support/seed.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

/** Finds the connection by its provider, as one does who does not have its id at hand. */
const source = `
const scalekit = require("pulumi-scalekit");
const { provider, enabled, connectionId } = require("./program.json");
module.exports = async () => {
  if (provider === undefined) return {};
  const { id: organizationId } = await scalekit.getOrganization({ externalId: "CUST-1" });
  const found = (await scalekit.getOrganizationConnections({ organizationId })).find((one) => one.provider === provider);
  const args = { organizationId, connectionId: connectionId ?? found.connectionId, enabled };
  const own = new scalekit.OrganizationConnection("sign-in", args);
  return { status: own.status, enabled: own.enabled };
};
`;

const okta = { id: "conn_1", provider: "OKTA", type: "SAML" };
const google = { id: "conn_2", provider: "GOOGLE", type: "OIDC", enabled: true };
const organization = "org_1";
const seed = [{ id: organization, display_name: "Megasoft", external_id: "CUST-1", connections: [okta, google] }];

story("a connection is adopted, kept as declared, and left as it is", async ({ means }) => {
  const emulator = await means.emulate({ seed });
  const stack = await means.stackOn(emulator, { source });
  const declare = (program: object) => writeFile(join(stack.folder, "program.json"), JSON.stringify(program));
  const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
  const enabled = () => emulator.all("connections").map((one) => one.enabled);
  const writesOf = async (act: () => Promise<unknown>) =>
    (await requestsOf(emulator, act)).filter((request) => !request.startsWith("GET"));
  const path = (id: string) => `/api/v1/organizations/${organization}/connections/${id}`;

  // One that is not there fails the preview, and one that is there is named by it.
  await declare({ provider: "OKTA", connectionId: "conn_9", enabled: true });
  const wrong = await stack.preview();
  expect(wrong.code).not.toBe(0);
  expect(wrong.text.replaceAll(/\s+/g, " ")).toContain("there is none with the connection ID that is declared");
  await declare({ provider: "OKTA", enabled: true });
  const planned = await expectSuccess(stack.preview());
  expect(planned.text.replaceAll(/\s+/g, " ")).toContain(
    "OrganizationConnection sign-in will adopt the connection of the organization org_1/conn_1 by its connection ID, and " +
      "change its enabled.",
  );
  expect(enabled()).toEqual([false, true]);

  expect(await writesOf(() => expectSuccess(stack.up()))).toEqual([`PATCH ${path("conn_1")}:enable`]);
  expect(enabled()).toEqual([true, true]);
  expect(await writesOf(() => expectSuccess(stack.up("--expect-no-changes")))).toEqual([]);
  await expectSuccess(stack.refresh("--expect-no-changes"));
  const shown = await stack.pulumi("stack", "output", "--json");
  expect(JSON.parse(shown.text)).toEqual({ status: "COMPLETED", enabled: true });

  // By hand it is turned off: shown, and brought back.
  await byHand(emulator, "PATCH", `/${organization}/connections/conn_1:disable`);
  const drift = await scalekit("drift");
  expect(drift).toMatchObject({
    code: 2,
    stdout: expect.stringMatching(/sign-in +org_1\/conn_1 +enabled +true +false/),
  });
  expect((await stack.refresh("--expect-no-changes")).code).not.toBe(0);
  await expectSuccess(stack.refresh());
  expect((await stack.preview("--expect-no-changes")).code).not.toBe(0);
  await expectSuccess(stack.up());
  expect(enabled()).toEqual([true, true]);

  // Another connection in its place leaves the first as it is.
  await declare({ provider: "GOOGLE", enabled: false });
  expect(await writesOf(() => expectSuccess(stack.up()))).toEqual([`PATCH ${path("conn_2")}:disable`]);
  expect(enabled()).toEqual([true, false]);

  // Taken out of the program it is left as it is, and a guard has nothing against that.
  await declare({});
  const guard = await scalekit("guard");
  expect(guard).toMatchObject({ code: 0, stdout: expect.stringContaining("leave at Scalekit") });
  const before = emulator.all("connections");
  const gone = await requestsOf(emulator, async () => {
    const { text } = await expectSuccess(stack.up());
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      "Left the connection of the organization org_1/conn_2 at Scalekit as it is",
    );
  });
  expect(gone).toEqual([]);
  expect(emulator.all("connections")).toEqual(before);

  // By a file it comes into the stack as it is, and the code that goes with it changes nothing.
  const imported = await scalekit(
    "import",
    "--kind",
    "connections",
    "org_1/conn_2",
    "--name",
    "sign-in",
    "--run",
    "--yes",
  );
  expect(imported, imported.stderr).toMatchObject({ code: 0 });
  expect(imported.stdout).toContain(`new OrganizationConnection("sign-in", {
  organizationId: "org_1",
  connectionId: "conn_2",
  enabled: false,
})`);
  await declare({ provider: "GOOGLE", enabled: false });
  expect(await writesOf(() => expectSuccess(stack.up("--expect-no-changes")))).toEqual([]);
  expect(await scalekit("drift", "--unmanaged", "connections", "--json")).toMatchObject({
    stdout: expect.stringContaining('"unmanagedThings":[{"kind":"OrganizationConnection","id":"org_1/conn_1"}]'),
  });
  await expectSuccess(stack.destroy());
  expect(emulator.all("connections")).toEqual(before);
});
