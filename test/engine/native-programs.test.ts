import { describe, expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { requestsOf, seed } from "../support/seed.ts";
import { needYaml, organizations, shown, yamlStory } from "../support/yaml-stack.ts";

needYaml();

/** How a YAML program refers to the value `path`. */
const of = (path: string): string => `\${${path}}`;

const organization = (properties: Record<string, unknown>, options: Record<string, unknown> = {}) => ({
  type: "scalekit:Organization",
  properties,
  options,
});

/** A provider of a program's own, of the environment that an emulator is. */
const providerOf = ({ url, credentials }: Emulator, more: Record<string, unknown> = {}) => ({
  type: "pulumi:providers:scalekit",
  properties: {
    environmentUrl: url,
    clientId: credentials.clientId,
    clientSecret: { "fn::secret": credentials.clientSecret },
    ...more,
  },
});

/** How often the summary of a run says it: the lines above show each message as it comes. */
const timesShown = ({ text }: { text: string }, message: string): number =>
  (text.split("Diagnostics:")[1] ?? "").split(message).length - 1;

describe.concurrent("values that a preview does not know", () => {
  yamlStory("stand for what comes of other resources, and nothing is sent but for a token", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    const program = (tier: string) => ({
      resources: {
        megasoft: organization({ displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier } }),
        sandbox: organization({ displayName: "Sandbox", metadata: { sandbox_of: of("megasoft.id"), tier } }),
        auditor: {
          type: "scalekit:OrganizationRole",
          properties: { organizationId: of("megasoft.id"), name: "auditor", displayName: of("sandbox.displayName") },
        },
        sessions: {
          type: "scalekit:OrganizationSessionPolicy",
          properties: { organizationId: of("megasoft.id"), absoluteSessionTimeout: 600 },
        },
      },
      outputs: { id: of("megasoft.id"), made: of("sandbox.createTime"), name: of("megasoft.displayName") },
    });
    await stack.write(program("gold"));
    const asked = await requestsOf(emulator, async () => {
      const preview = await stack.preview("--diff");
      expect(preview, preview.text).toMatchObject({ code: 0, changes: { create: 2 } });
      expect(preview.text).toMatch(/sandbox_of *: \[unknown\]/);
      expect(preview.text).toMatch(/name *: "Megasoft Inc"/);
    });
    expect(asked).toEqual([]);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 2 } });
    const [megasoft, sandbox] = emulator.organizations();
    expect(sandbox?.metadata).toEqual({ sandbox_of: megasoft?.id, tier: "gold" });
    expect(emulator.all("roles")).toContainEqual(
      expect.objectContaining({ name: "auditor", display_name: "Sandbox", organization_id: megasoft?.id }),
    );
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });

    // What is known of an organization that changes stays known, so nothing else does.
    await stack.write(program("iron"));
    const preview = await stack.preview("--diff");
    expect(preview, preview.text).toMatchObject({ code: 0, changes: { update: 2 } });
    const tier = ["~ metadata: {", '~ tier: "gold" => "iron"', "}"];
    expect(shown(preview.text)).toEqual([...tier, ...tier]);
  });

  yamlStory("may be a provider's own settings", async ({ yaml }) => {
    const [first, second] = [await yaml.emulate(), await yaml.emulate()];
    const stack = await yaml.stackOn(first);
    await stack.write({
      resources: {
        // The second environment's address stands in the first's own data, where only an up learns it.
        directory: organization({ displayName: "Directory", logoUrl: "https://acme.test/logo.png" }),
        second: providerOf(second, { environmentUrl: { "fn::join": ["", [second.url, of("path")]] } }),
        inner: organization({ displayName: of("directory.id") }, { provider: of("second") }),
      },
      variables: { path: { "fn::select": [1, [of("directory.createTime"), ""]] } },
    });
    const preview = await stack.preview();
    expect(preview, preview.text).toMatchObject({ code: 0 });
    expect(second.requests).toEqual([]);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 2 } });
    expect(second.organizations()).toMatchObject([{ display_name: first.organizations()[0]?.id }]);
  });
});

describe.concurrent("two providers in one program", () => {
  yamlStory("serve two environments, each its own organizations", async ({ yaml }) => {
    const [europe, america] = [
      await yaml.emulate({ credentials: { clientId: "eu", clientSecret: "secret-of-europe" } }),
      await yaml.emulate({ credentials: { clientId: "us", clientSecret: "secret-of-america" } }),
    ];
    const stack = await yaml.stackOn(europe);
    const program = (name: string) => ({
      resources: {
        eu: providerOf(europe),
        us: providerOf(america, { maxRequestsPerMinute: 1200 }),
        "customer-eu": organization({ displayName: name, externalId: "CUST-1" }, { provider: of("eu") }),
        "customer-us": organization({ displayName: name, externalId: "CUST-1" }, { provider: of("us") }),
      },
    });
    await stack.write(program("Megasoft"));
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 2 } });
    for (const { organizations } of [europe, america])
      expect(organizations()).toMatchObject([{ display_name: "Megasoft", external_id: "CUST-1" }]);
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    await stack.write(program("Megasoft SE"));
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 2 } });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 2 } });
    for (const { organizations } of [europe, america]) expect(organizations()).toEqual([]);
  });

  yamlStory("replace nothing when one gets another address or another setting", async ({ yaml }) => {
    const [first, second] = [await yaml.emulate(), await yaml.emulate()];
    const stack = await yaml.stackOn(first);
    const program = (own: Emulator, more: Record<string, unknown> = {}) => ({
      resources: {
        own: providerOf(own, more),
        megasoft: organization({ displayName: "Megasoft", externalId: "CUST-1" }, { provider: of("own") }),
      },
    });
    await stack.write(program(first));
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    const id = first.organizations()[0]?.id;

    await stack.write(program(second));
    const preview = await stack.preview("--diff");
    expect(preview.text).not.toMatch(/replace/);
    const moved = await stack.up();
    expect(moved.text).not.toMatch(/replace/);
    expect(second.organizations()).toEqual([]);
    expect(first.organizations()).toMatchObject([{ id }]);

    await stack.write(program(first, { operationTimeout: 60 }));
    const back = await stack.up();
    expect(back, back.text).toMatchObject({ code: 0, changes: { same: 1 } });
    expect(first.organizations()).toMatchObject([{ id }]);
  });
});

describe.concurrent("a look-up of a YAML program", () => {
  yamlStory("reads what another team manages, in a preview too, and once", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const [id] = await seed(emulator, [
      { display_name: "Megasoft Inc", external_id: "CUST-1", metadata: { tier: "gold" } },
      { display_name: "Initech", external_id: "CUST-2", metadata: { tier: "iron" } },
    ]);
    const call = (name: string, args: object, more = {}) => ({
      "fn::invoke": { function: `scalekit:${name}`, arguments: args, ...more },
    });
    const stack = await yaml.stackOn(emulator);
    await stack.write({
      variables: {
        megasoft: call("getOrganization", { externalId: "CUST-1" }),
        again: call("getOrganization", { externalId: "CUST-1" }, { return: "id" }),
        golden: call("getOrganizations", { metadata: { tier: "gold" } }),
        admin: call("getRole", { name: "admin" }),
      },
      resources: { sandbox: organization({ displayName: `${of("megasoft.displayName")} (sandbox)` }) },
      outputs: {
        id: of("again"),
        tier: of("megasoft.metadata.tier"),
        golden: of("golden.organizations[0].externalId"),
        admin: of("admin.displayName"),
      },
    });
    const asked = await requestsOf(emulator, async () => {
      const preview = await stack.preview("--diff");
      expect(preview, preview.text).toMatchObject({ code: 0 });
      expect(preview.text).toMatch(/displayName *: "Megasoft Inc \(sandbox\)"/);
    });
    expect(asked.filter((request) => request.includes("external/CUST-1"))).toHaveLength(1);
    expect(asked.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    const outputs = JSON.parse((await stack.pulumi("stack", "output", "--json")).text);
    expect(outputs).toEqual({ id, tier: "gold", golden: "CUST-1", admin: "Admin" });
  });

  yamlStory("of what is not there fails the run, once and in one sentence", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    const call = { function: "scalekit:getOrganization", arguments: { externalId: "NOBODY" }, return: "id" };
    await stack.write({ variables: { nobody: { "fn::invoke": call } }, outputs: { nobody: of("nobody") } });
    const failed = await stack.up();
    expect(failed.code).not.toBe(0);
    expect(timesShown(failed, "There is no organization with the external ID that getOrganization was given")).toBe(1);
    expect(failed.text).not.toMatch(/new Organization|\n +at /);
  });

  yamlStory("by `get` reads an organization, which is never changed nor deleted", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const [id] = await seed(emulator, [{ display_name: "Megasoft Inc", external_id: "CUST-1" }]);
    const stack = await yaml.stackOn(emulator);
    await stack.write({
      resources: { found: { type: "scalekit:Organization", get: { id } } },
      outputs: { name: of("found.displayName") },
    });
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(JSON.parse((await stack.pulumi("stack", "output", "--json")).text)).toEqual({ name: "Megasoft Inc" });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toMatchObject([{ id, display_name: "Megasoft Inc" }]);
  });
});

describe.concurrent("what a program gets wrong", () => {
  yamlStory("is said once at preview, with what it should be and without its value", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(
      organizations({ megasoft: { displayName: "Megasoft", metadata: { "cost center": "s3cret".repeat(99) } } }),
    );
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain('metadata["cost center"]');
    expect(timesShown(preview, "256 characters")).toBe(1);
    expect(preview.text).not.toContain("s3cret");
    expect(emulator.requests).toEqual([]);
  });

  yamlStory("in the configuration of the provider is named", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(organizations({ megasoft: { displayName: "Megasoft" } }));
    await stack.pulumi("config", "set", "scalekit:maxRequestPerMinute", "1200");
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("maxRequestPerMinute");
    expect(preview.text).toContain("maxRequestsPerMinute");
  });
});
