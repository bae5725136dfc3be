import { describe, expect } from "vitest";
import { command } from "../support/command.ts";
import { byHand, requestsOf, seed } from "../support/seed.ts";
import { type Means, story } from "../support/story.ts";

const megasoft = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } };

async function begin({ emulate, stackOn }: Means, source?: string) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, source === undefined ? {} : { source });
  const scalekit = (...args: string[]) => command(args, { cwd: stack.folder, env: stack.env });
  return { emulator, stack, scalekit };
}

describe.concurrent("a stack and what is live", () => {
  story("drift is 0 after up, 2 after an edit by hand, and 0 again when up has put it back", async ({ means }) => {
    const { emulator, stack, scalekit } = await begin(means);
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
      `
      const pulumi = require("@pulumi/pulumi");
      const { Organization } = require("pulumi-scalekit");
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
    const { emulator, stack, scalekit } = await begin(means);
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

story(
  "import --run brings one organization into the stack, and up then changes and sends nothing",
  async ({ means }) => {
    const { emulator, stack, scalekit } = await begin(means);
    await seed(emulator, [{ display_name: "Megasoft", external_id: "CUST-1", metadata: { tier: "gold" } }]);
    const imported = await scalekit("import", "CUST-1", "--name", "megasoft", "--run", "--yes");
    expect(imported, imported.stderr + imported.stdout).toMatchObject({ code: 0 });
    expect(imported.stdout).toContain('new Organization("megasoft"');
    await stack.write({ megasoft: { args: megasoft } });
    const requests = await requestsOf(emulator, async () => {
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0, changes: { same: 1 } });
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    // Without --yes and without a person to ask, Pulumi refuses, and its exit code is passed on.
    const refused = await scalekit("import", "CUST-1", "--name", "megasoft", "--run");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  },
);
