import { describe, expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { command } from "../support/command.ts";
import { byHand, requestsOf, seed } from "../support/seed.ts";
import { type Means, story } from "../support/story.ts";

const megasoft = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } };

async function begin({ emulate, stackOn }: Means, module: string, source?: string) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { module, ...(source && { source }) });
  const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
  return { emulator, stack, scalekit };
}

describe.concurrent.each(providersOfStories)("a stack of $provider and what is live", ({ module }) => {
  story("drift is 0 after up, 2 after an edit by hand, and 0 again when up has put it back", async ({ means }) => {
    const { emulator, stack, scalekit } = await begin(means, module);
    await stack.write({ megasoft: { args: megasoft }, initech: { args: { displayName: "Initech" } } });
    expect(await stack.up()).toMatchObject({ code: 0 });
    const clean = await scalekit("drift");
    expect(clean, clean.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("2 as declared, 0 changed") });

    const id = emulator.organizations().find(({ external_id }) => external_id === "CUST-1")?.id;
    await byHand(emulator, "PATCH", `/${id}`, { metadata: { tier: "iron" } });
    const state = await stack.organizations();
    const drifted = await scalekit("drift", "--stack", "test", "--json");
    expect(drifted.code).toBe(2);
    expect(JSON.parse(drifted.stdout).changed).toMatchObject([
      { name: "megasoft", id, differences: [{ field: "metadata.tier", declared: "gold", live: "iron" }] },
    ]);
    expect(await stack.organizations()).toEqual(state);
    expect(emulator.organizations().find((one) => one.id === id)?.metadata).toEqual({ tier: "iron" });

    expect(await stack.refresh()).toMatchObject({ code: 0 });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1, same: 1 } });
    expect(await scalekit("drift")).toMatchObject({ code: 0 });
  });

  story("a secret of the stack is compared when asked for, and never printed", async ({ means }) => {
    const { emulator, stack, scalekit } = await begin(
      means,
      module,
      `
      const pulumi = require("@pulumi/pulumi");
      const { Organization } = require("${module}");
      new Organization("quiet", { displayName: "Quiet", externalId: pulumi.secret("the-secret") });`,
    );
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect((await scalekit("drift")).stdout).toMatch(/encrypted[\s\S]*\nquiet +externalId\n/);
    expect(await scalekit("drift", "--compare-secrets", "--fail-on", "uncompared")).toMatchObject({ code: 0 });
    await byHand(emulator, "PATCH", `/${emulator.organizations()[0]?.id}`, { external_id: "by-hand" });
    expect(await scalekit("drift")).toMatchObject({ code: 0 });
    const seen = await scalekit("drift", "--compare-secrets");
    expect(seen).toMatchObject({ code: 2, stdout: expect.stringMatching(/externalId +\[secret\] +\[secret\]/) });
    expect(seen.stdout).not.toMatch(/the-secret|by-hand/);
  });

  story("the command takes its settings from the stack's configuration before the environment", async ({ means }) => {
    const { emulator, stack, scalekit } = await begin(means, module);
    await seed(emulator, [{ display_name: "Megasoft", external_id: "CUST-1" }]);
    stack.env["SCALEKIT_CLIENT_SECRET"] = "wrong";
    expect((await scalekit("drift")).stderr).toContain("Could not get an access token");
    expect((await stack.pulumi("config", "set", "--secret", "scalekit:clientSecret", "emulator-secret")).code).toBe(0);
    expect(await scalekit("drift")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 unmanaged") });
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = "forgotten";
    const locked = await scalekit("export");
    expect(locked.stderr).toMatch(
      /^The stack's configuration could not be read: .*incorrect passphrase\. The settings/,
    );
    expect(locked.stderr).toContain("Could not get an access token");
    stack.env["PULUMI_CONFIG_PASSPHRASE"] = "test";
    expect((await scalekit("doctor")).stdout).toMatch(/ok {4}package[\s\S]*ok {4}credentials/);
  });
});

story.for(providersOfStories)(
  "$provider: import --run brings one organization into the stack, and up then changes and sends nothing",
  async ({ module }, { means }) => {
    const isNative = module.endsWith("/native");
    const native = isNative ? ["--native"] : [];
    const { emulator, stack, scalekit } = await begin(means, module);
    await seed(emulator, [{ display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } }]);
    const imported = await scalekit("import", "CUST-1", "--name", "megasoft", "--run", "--yes", ...native);
    expect(imported, imported.stderr + imported.stdout).toMatchObject({ code: 0 });
    expect(imported.stdout).toContain('new Organization("megasoft"');
    expect(imported.stdout).toContain(`from "${module}"`);
    await stack.write({ megasoft: { args: megasoft } });
    const requests = await requestsOf(emulator, async () => {
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: 1 } });
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    // Without --yes and without a person to ask, Pulumi refuses, and its exit code is passed on.
    const refused = await scalekit("import", "CUST-1", "--name", "megasoft", "--run", ...native);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    if (!isNative) return;
    const other = await scalekit("import", "CUST-1", "--run", "--yes");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toMatch(
      /of the native plugin\. Add --native, or run `pulumi import scalekit:index:Organization/,
    );
  },
);

story("organizations of a provider's own environment are not taken for gone", async ({ means }) => {
  const staging = await means.emulate();
  const module = "pulumi-scalekit/native";
  const { emulator, stack, scalekit } = await begin(
    means,
    module,
    `
    const { Organization, Provider } = require("${module}");
    const { url: environmentUrl, credentials } = ${JSON.stringify({ url: staging.url, credentials: staging.credentials })};
    const provider = new Provider("staging", { environmentUrl, ...credentials });
    const same = new Provider("same", {});
    new Organization("here", { displayName: "Megasoft", externalId: "CUST-1" });
    new Organization("also-here", { displayName: "Initech", externalId: "CUST-2" }, { provider: same });
    new Organization("there", { displayName: "Megasoft", externalId: "CUST-1" }, { provider });`,
  );
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { create: 3 } });
  const drift = await scalekit("drift");
  expect(drift, drift.stdout).toMatchObject({ code: 0, stderr: "" });
  expect(drift.stdout).toContain(`${emulator.url}: 2 as declared, 0 changed, 0 gone, 0 unmanaged`);
  expect(drift.stdout).toContain(
    `Not compared, because 1 of the stack's resources is in another environment: ${staging.url}`,
  );
  const { managed, otherEnvironments } = JSON.parse((await scalekit("drift", "--json")).stdout);
  expect({ managed, otherEnvironments }).toEqual({
    managed: 2,
    otherEnvironments: [{ environment: staging.url, managed: 1 }],
  });
});
