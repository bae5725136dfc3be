import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { command } from "../support/command.ts";
import { expectSuccess } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

/** A stack whose settings are in its configuration only, with an organization. */
async function begin({ emulate, stackOn }: Means): Promise<{ emulator: Emulator; stack: Stack }> {
  const emulator = await emulate();
  const names = Object.keys(emulator.environment);
  const stack = await stackOn(emulator, { env: Object.fromEntries(names.map((name) => [name, ""])) });
  await stack.write({ megasoft: { args: { displayName: "Megasoft", externalId: "CUST-1" } } });
  return { emulator, stack };
}

async function configure({ pulumi }: Stack, { url, credentials }: Emulator): Promise<void> {
  await expectSuccess(pulumi("config", "set", "scalekit:environmentUrl", url));
  await expectSuccess(pulumi("config", "set", "scalekit:clientId", credentials.clientId));
  await expectSuccess(pulumi("config", "set", "--secret", "scalekit:clientSecret", credentials.clientSecret));
}

story("a project in JSON has its stack's settings, for Pulumi and for every command", async ({ means }) => {
  const { emulator, stack } = await begin(means);
  await rm(join(stack.folder, "Pulumi.yaml"));
  const project = { name: "test", runtime: { name: "nodejs", options: { typescript: false } } };
  await writeFile(join(stack.folder, "Pulumi.json"), JSON.stringify(project));
  await expectSuccess(stack.pulumi("stack", "select", "test"));
  await configure(stack, emulator);
  const within = join(stack.folder, "within");
  // A folder of the name is no project.
  await mkdir(join(within, "Pulumi.yaml"), { recursive: true });
  const run = (...args: string[]) => command(args, { cwd: within, env: stack.env });

  expect(await run("up", "--", "--yes")).toMatchObject({ code: 0 });
  expect(emulator.organizations()).toMatchObject([{ external_id: "CUST-1" }]);
  expect(await run("drift", "--json")).toMatchObject({ code: 0, stderr: "" });
  expect(await run("guard")).toMatchObject({ code: 0 });
  const doctor = await run("doctor", "--json");
  const statuses = JSON.parse(doctor.stdout).checks.map(({ name, status }: Record<string, string>) => [name, status]);
  expect(Object.fromEntries(statuses)).toMatchObject({ package: "ok", settings: "ok", credentials: "ok" });
  expect(await run("export", "--json")).toMatchObject({ code: 0, stderr: "" });
  expect(await run("import", "CUST-1", "--out", "one.json")).toMatchObject({ code: 0, stderr: "" });
});

const explicit = (inputs: string) => `
const pulumi = require("@pulumi/pulumi");
const { Organization, OrganizationFleet, Role, getOrganizations } = require("pulumi-scalekit");

class DynamicProvider extends pulumi.ProviderResource {
  constructor(name, settings) {
    super("pulumi-nodejs", name, settings);
  }
}

const config = new pulumi.Config("scalekit");
const provider = new DynamicProvider("dynamic", ${inputs});
new Organization("megasoft", { displayName: "Megasoft", externalId: "CUST-1" }, { provider });
new Role("accountant", { name: "accountant", displayName: "Accountant" }, { provider });
new OrganizationFleet("customers", { tenants: [{ externalId: "CUST-2", displayName: "Initech" }] }, { provider });
`;

story(
  "where default providers are disabled, one of the program's own does it all, and replaces nothing",
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    await configure(stack, emulator);
    await expectSuccess(stack.up());
    const [before] = emulator.organizations();
    await expectSuccess(stack.pulumi("config", "set", "--path", "pulumi:disable-default-providers[0]", "*"));
    const refused = await stack.preview();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain("Default provider for 'pulumi-nodejs' disabled.");

    // It has no setting of the stack's but what it is given.
    await writeFile(join(stack.folder, "index.js"), explicit("{}"));
    expect((await stack.preview()).text).toContain("scalekit:environmentUrl is missing");

    const settings = `{
    "scalekit:environmentUrl": config.require("environmentUrl"),
    "scalekit:clientId": config.require("clientId"),
    "scalekit:clientSecret": config.requireSecret("clientSecret"),
  }`;
    await writeFile(join(stack.folder, "index.js"), explicit(settings));
    expect((await expectSuccess(stack.up())).changes).toEqual({ create: 1, same: 1 });
    expect(emulator.organizations()).toMatchObject([before, { external_id: "CUST-2" }]);
    expect((await expectSuccess(stack.pulumi("stack", "export"))).text).not.toContain(
      emulator.credentials.clientSecret,
    );
    expect((await expectSuccess(stack.refresh())).changes).toEqual({ same: 2 });
    expect((await command(["drift"], { cwd: stack.folder, env: stack.env })).code).toBe(0);
    expect((await command(["up", "--", "--yes"], { cwd: stack.folder, env: stack.env })).code).toBe(0);
    await expectSuccess(stack.destroy());
    expect(emulator.organizations()).toEqual([]);
  },
);
