import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { declare, writesOf } from "../support/moving.ts";
import { seed } from "../support/seed.ts";
import { expectSuccess } from "../support/stack.ts";
import { type Means, type Stack, story } from "../support/story.ts";

const clientSecret = "client-secret-that-nobody-may-see";

const twoEnvironments = `
const pulumi = require("@pulumi/pulumi");
const { Provider, Organization, OrganizationRole, OrganizationFleet, getOrganization, getOrganizationsOutput } = require("pulumi-scalekit/native");
const { environments, text = "Megasoft", settings = {} } = require("./program.json");
module.exports = async () => {
  const found = {};
  for (const [name, { url, clientId, clientSecret }] of Object.entries(environments)) {
    const provider = new Provider(name, { environmentUrl: url, clientId, clientSecret, maxRequestsPerMinute: 6000, ...settings });
    const opts = { provider };
    const megasoft = new Organization("megasoft-" + name, { displayName: text + " " + name, externalId: "CUST-1" }, opts);
    new OrganizationRole("auditor-" + name, { organizationId: megasoft.id, name: "auditor", displayName: "Auditor" }, opts);
    const tenants = [{ displayName: "Tenant of " + name, externalId: "CUST-2-" + name }];
    new OrganizationFleet("fleet-" + name, { tenants }, { providers: { scalekit: provider } });
    found[name] = {
      theirs: (await getOrganization({ externalId: "THEIRS" }, opts)).displayName,
      all: getOrganizationsOutput({ externalIdPrefix: "THEIRS" }, opts).apply((all) => all.map((one) => one.displayName)),
    };
  }
  return { found };
};`;

/** All that Pulumi keeps of the stack. */
async function kept(stack: Stack): Promise<string> {
  const entries = await readdir(join(stack.folder, ".pulumi"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")));
  return texts.join("\n");
}

async function begin({ emulate, stackOn }: Means) {
  const names = ["staging", "production"];
  const emulators = await Promise.all(
    names.map((name) => emulate({ credentials: { clientId: name, clientSecret: `${clientSecret}-${name}` } })),
  );
  const [first, second] = emulators as [(typeof emulators)[number], (typeof emulators)[number]];
  for (const [at, emulator] of emulators.entries()) {
    await seed(emulator, [{ display_name: `Theirs in ${names[at]}`, external_id: "THEIRS" }]);
  }
  const stack = await stackOn(first, {
    source: twoEnvironments,
    env: { SCALEKIT_ENVIRONMENT_URL: "", SCALEKIT_CLIENT_ID: "", SCALEKIT_CLIENT_SECRET: "" },
  });
  const environments = Object.fromEntries(
    emulators.map(({ url, credentials }, at) => [names[at], { url, ...credentials }]),
  );
  return { first, second, stack, environments };
}

story.concurrent(
  "one program works on two environments, each by a provider of its own, with look-ups, a fleet and encrypted secrets",
  { timeout: 400_000 },
  async ({ means }) => {
    const { first, second, stack, environments } = await begin(means);
    await declare(stack, { environments });
    await expectSuccess(stack.preview());
    const up = await expectSuccess(stack.up());
    expect(up.steps, up.text).toEqual({ create: 6 });
    const named = (emulator: typeof first) =>
      emulator
        .organizations()
        .map(({ display_name }) => display_name)
        .sort();
    expect(named(first)).toEqual(["Megasoft staging", "Tenant of staging", "Theirs in staging"]);
    expect(named(second)).toEqual(["Megasoft production", "Tenant of production", "Theirs in production"]);
    for (const emulator of [first, second]) {
      expect(emulator.all("roles").filter(({ name }) => name === "auditor")).toHaveLength(1);
    }
    const output = await stack.pulumi("stack", "output", "--json");
    expect(JSON.parse(output.text).found).toEqual({
      staging: { theirs: "Theirs in staging", all: ["Theirs in staging"] },
      production: { theirs: "Theirs in production", all: ["Theirs in production"] },
    });
    await expectSuccess(stack.up("--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));

    // Another setting of a provider replaces nothing.
    await declare(stack, { environments, settings: { maxRequestsPerMinute: 5000, deletionProtection: false } });
    for (const emulator of [first, second]) {
      expect(await writesOf(emulator, () => expectSuccess(stack.up()))).toEqual([]);
    }
    expect(await kept(stack)).not.toContain(clientSecret);
    expect((await stack.pulumi("stack", "export")).text).not.toContain(clientSecret);
    await expectSuccess(stack.destroy());
    expect([named(first), named(second)]).toEqual([["Theirs in staging"], ["Theirs in production"]]);
  },
);

story.concurrent(
  "settings that are wrong are refused at preview, and nothing is sent",
  { timeout: 400_000 },
  async ({ means }) => {
    const { first, second, stack, environments } = await begin(means);
    const wrong = [
      [{ enviromentUrl: "https://acme.scalekit.com" }, "enviromentUrl is not a setting of the Scalekit provider"],
      [{ operationTimeout: 0 }, "operationTimeout"],
      [{ environmentUrl: "http://acme.scalekit.com" }, "environmentUrl"],
    ] as const;
    const before = [first, second].map(({ requests }) => requests.length);
    for (const [settings, said] of wrong) {
      await declare(stack, { environments, settings });
      const refused = await stack.preview();
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text).toContain(said);
      expect(refused.text).not.toMatch(/node_modules|\.js:\d|unhandled/);
      expect(refused.text).not.toContain(clientSecret);
    }
    expect([first, second].map(({ requests }) => requests.length)).toEqual(before);
  },
);

story.concurrent(
  "a client secret that is plain in the stack's configuration is refused by the plugin itself, for programs in any language",
  { timeout: 400_000 },
  async ({ means }) => {
    const emulator = await means.emulate({ credentials: { clientId: "emulator", clientSecret } });
    // As generated code of another language registers it: without this package's classes.
    const source = `
      const { CustomResource } = require("@pulumi/pulumi");
      new CustomResource("scalekit:index:Organization", "megasoft", { displayName: "Megasoft" });`;
    const stack = await means.stackOn(emulator, { source, env: { SCALEKIT_CLIENT_SECRET: "" } });
    await stack.pulumi("config", "set", "scalekit:clientSecret", clientSecret);
    for (const act of [() => stack.preview(), () => stack.pulumi("up", "--yes"), () => stack.up()]) {
      const refused = await act();
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text).toContain("pulumi config set --secret scalekit:clientSecret");
      expect(refused.text).not.toContain(clientSecret);
    }
    expect(emulator.requests).toEqual([]);
    expect((await stack.pulumi("stack", "export")).text).not.toContain(clientSecret);
    await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", clientSecret);
    await expectSuccess(stack.up());
    expect(emulator.organizations()).toHaveLength(1);
    expect((await stack.pulumi("stack", "export")).text).not.toContain(clientSecret);
  },
);
