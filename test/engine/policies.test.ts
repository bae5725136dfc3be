import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { providersOfStories } from "../support/both-types.ts";
import { command } from "../support/command.ts";
import { packIn } from "../support/policy-pack.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

story.for(providersOfStories)(
  "$provider: a pack refuses at preview and at update, prints no value, and lets pass what is not known yet",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, {
      module,
      source: `
      const pulumi = require("@pulumi/pulumi");
      const { Organization, OrganizationFleet } = require("${module}");
      const { tier, hidden, fleet } = require("./program.json");
      const parent = new Organization("parent", { displayName: "Parent", externalId: "CUST-1", metadata: { tier } });
      new Organization("child", {
        displayName: pulumi.interpolate\`Child of \${parent.id}\`,
        externalId: parent.id.apply(() => "CUST-2"),
        metadata: pulumi.output({ tier: "gold", parent: parent.id }),
      });
      new Organization("hidden", {
        displayName: pulumi.secret("Hidden Corp"),
        externalId: "CUST-3",
        metadata: pulumi.secret({ tier: "gold", ...hidden }),
      }, { dependsOn: parent });
      new OrganizationFleet("customers", { tenants: fleet }, { dependsOn: parent });`,
    });
    const pack = await packIn(stack, {
      externalIdPattern: { pattern: "^CUST-[0-9]+$" },
      metadataKeysRequired: { keys: { tier: { allowed: ["gold", "silver"] } } },
    });
    const fleet = [{ externalId: "CUST-4", displayName: "Fourth", metadata: { tier: "silver" } }];
    const write = (program: object) => writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

    await write({
      tier: "bronze",
      hidden: { api_key: "hush-hush-7" },
      fleet: [...fleet, { ...fleet[0], externalId: "X-5" }],
    });
    const preview = await stack.preview(...pack);
    expect(preview.text).toContain("Organization hidden: metadata.api_key looks like a secret by the name of its key");
    expect(preview.text).toContain("Organization X-5: externalId does not match ^CUST-[0-9]+$");
    // An update ends with the first organization that is refused, before that is made: with the one that all others wait for.
    for (const run of [preview, await stack.up(...pack)]) {
      expect(run.code).not.toBe(0);
      expect(run.text).toContain('Organization parent: metadata.tier is not one of "gold", "silver".');
      expect(run.text).not.toMatch(/hush-hush|Hidden Corp|bronze|Organization (child|CUST-4):|can't run policy/);
    }
    expect(emulator.organizations()).toEqual([]);

    await write({ tier: "gold", hidden: {}, fleet });
    expect(await stack.preview(...pack)).toMatchObject({ code: 0, changes: { create: 4 } });
    expect(await stack.up(...pack)).toMatchObject({ code: 0, changes: { create: 4 } });
    expect(await stack.up(...pack, "--expect-no-changes")).toMatchObject({ code: 0 });
  },
);

story.for(providersOfStories)(
  "$provider: remediation changes what is created, where the configuration asks for it, and keeps secrets secret",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, {
      module,
      source: `
      const pulumi = require("@pulumi/pulumi");
      const { Organization } = require("${module}");
      const metadata = { region: "eu", code: pulumi.secret("hush-inside") };
      new Organization("open", { displayName: "  Open   Corp ", externalId: "CUST-1", metadata });
      new Organization("hidden", { displayName: pulumi.secret(" Hidden Corp "), externalId: "CUST-2", metadata: pulumi.secret({ code: "hush-whole" }) });`,
    });
    const options = { metadataKeysRequired: { keys: { tier: { default: "standard" } } } } as const;
    const refused = await stack.preview(...(await packIn(stack, options)));
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/\[mandatory\].*metadata-keys-required/);
    expect(refused.text).toMatch(/\[advisory\].*display-name-conventions/);

    const remediate = await packIn(stack, options, {
      "display-name-conventions": "remediate",
      "metadata-keys-required": { enforcementLevel: "remediate" },
    });
    await expectSuccess(stack.up(...remediate));
    const made = new Map(emulator.organizations().map((one) => [one.external_id, one]));
    expect(made.size).toBe(2);
    expect(made.get("CUST-1")).toMatchObject({
      display_name: "Open Corp",
      metadata: { region: "eu", code: "hush-inside", tier: "standard" },
    });
    expect(made.get("CUST-2")).toMatchObject({
      display_name: "Hidden Corp",
      metadata: { code: "hush-whole", tier: "standard" },
    });
    await expectSuccess(stack.up(...remediate, "--expect-no-changes"));
    await expectSuccess(stack.refresh("--expect-no-changes"));
    const { text: state } = await stack.pulumi("stack", "export");
    expect(state).toContain("Open Corp");
    expect(state).not.toMatch(/hush|Hidden Corp/);

    const malformed = await stack.preview(...(await packIn(stack, {}, { "external-id-pattern": { pattern: "(" } })));
    expect(malformed.code).not.toBe(0);
    expect(malformed.text).toContain("external-id-pattern: pattern: Does not match format 'regex'");
    const misspelt = await stack.preview(...(await packIn(stack, {}, { "external-id-pattern": { patern: "x" } })));
    expect(misspelt.code).not.toBe(0);
    expect(misspelt.text.match(/configuration of external-id-pattern is invalid: .*patern/g)).toHaveLength(1);
    expect(misspelt.text).not.toContain("    at ");
  },
);

story.for(providersOfStories)(
  "$provider: an exported state is analyzed, and an update that takes too many away is stopped",
  async ({ module }, { means }) => {
    const emulator = await means.emulate({ seed: [{ display_name: "  Of another's  ", external_id: "X-1" }] });
    const stack = await means.stackOn(emulator, {
      module,
      source: `
      const pulumi = require("@pulumi/pulumi");
      const { Organization, Role } = require("${module}");
      const { billing, ...organizations } = require("./program.json");
      if (!organizations.others) {
        for (const name of ["others", "others-again"]) Organization.get(name, "${emulator.organizations()[0]?.id}");
      }
      for (const name of ["admin", "admin-again"]) Role.get(name, "admin");
      for (const [name, { args }] of Object.entries(organizations)) {
        const made = new Organization(name, { ...args, displayName: pulumi.secret(args.displayName) });
        if (name !== "others") Organization.get(\`read-\${name}\`, made.id);
      }
      if (billing) new Role("billing", billing.args);`,
    });
    const pack = await packIn(stack, { externalIdPattern: { pattern: "^CUST-" }, displayNameConventions: "mandatory" });
    const one = { args: { displayName: "One", externalId: "CUST-1" } };
    const two = { args: { displayName: "Two", externalId: "CUST-2" } };
    const billing = { args: { name: "billing", displayName: "Billing" } };
    await stack.write({ one, two, billing });
    await expectSuccess(stack.up(...pack));

    const state = join(stack.folder, "state.json");
    const analyze = () => stack.pulumi("policy", "analyze", "--file", state, ...pack);
    // What is only read declares nothing, whatever a refresh has put down of it.
    for (const refreshed of [false, true]) {
      if (refreshed) await expectSuccess(stack.refresh("--expect-no-changes"));
      await writeFile(state, (await expectSuccess(stack.pulumi("stack", "export"))).text);
      expect(await analyze()).toMatchObject({
        code: 0,
        text: expect.not.stringMatching(/(Organization|Role) \S+: |displayName/),
      });
    }
    const { text } = await expectSuccess(stack.pulumi("stack", "export"));
    // Elsewhere, without the passphrase: what cannot be decrypted is not taken for a name.
    await writeFile(state, text.replaceAll(/"ciphertext": "v1:[^"]+"/g, '"ciphertext": "v1:AAAA:AAAA"'));
    const blind = await analyze();
    expect(blind.text).toContain("could not decrypt secrets");
    expect(blind).toMatchObject({ code: 0, text: expect.not.stringContaining("displayName") });
    await writeFile(state, text.replaceAll("CUST-2", "CUST-1"));
    const twice = await analyze();
    expect(twice.code).not.toBe(0);
    expect(twice.text).toMatch(/Organization (one|two): its externalId is the same as that of (one|two)/);

    await stack.write({});
    const guard = (...args: string[]) => command(["guard", ...args], { cwd: stack.folder, env: stack.env });
    const stopped = await guard("--stack", "test", "--max-deletes", "2", "--", ...pack);
    expect(stopped, stopped.stderr).toMatchObject({ code: 2, stderr: "" });
    expect(stopped.stdout).toMatch(
      /3 resources \((2 organizations and 1 role|1 role and 2 .*)\), more than the 2 that/,
    );
    expect(stopped.stdout).toMatch(/\ndelete +Organization +two +org_\d+\n/);
    expect(stopped.stdout).toMatch(/\ndelete +Role +billing +billing\n/);
    expect(await guard("--max-deletes", "3", "--json")).toMatchObject({ code: 0 });
    // A role of another name is another role, and what was only read before is not replaced.
    const others = { args: { displayName: "Others", externalId: "CUST-3" } };
    await stack.write({ one, two, others, billing: { args: { ...billing.args, name: "accounting" } } });
    const replaced = await guard("--kind", "roles", "organizations", "--json", "--", ...pack);
    expect(replaced.code, replaced.stderr).toBe(2);
    expect(JSON.parse(replaced.stdout).removals).toEqual([
      { kind: "Role", name: "billing", id: "billing", action: "replace", retained: false },
    ]);
    expect(await guard("--kind", "organizations", "--", ...pack)).toMatchObject({ code: 0 });
    expect(await guard("--stack", "nowhere")).toMatchObject({ code: 1, stdout: "" });
    // What fails tells nothing of the rest.
    await stack.write({ one: { args: { ...one.args, displayName: "x".repeat(300) } } });
    const failed = await guard("--max-deletes", "9");
    expect(failed).toMatchObject({ code: 1, stdout: "" });
    expect(failed.stderr).toMatch(/`pulumi preview --json` ended with \d+: .*displayName must be 1 to 200 characters/s);
  },
);

story(
  "one external ID over both providers of a program is refused at preview, before anything is made",
  async ({ means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, {
      module: "pulumi-scalekit/native",
      source: `
      const [dynamic, native] = [require("pulumi-scalekit"), require("pulumi-scalekit/native")];
      const { url, credentials, externalId } = require("./program.json");
      const provider = new native.Provider("other", { environmentUrl: url, ...credentials });
      new dynamic.Organization("old", { displayName: "Megasoft", externalId: "CUST-1" });
      new native.Organization("new", { displayName: "Megasoft", externalId });
      new native.Organization("elsewhere", { displayName: "Megasoft", externalId: "CUST-1" }, { provider });`,
    });
    const other = await means.emulate();
    const write = (externalId: string) =>
      writeFile(
        join(stack.folder, "program.json"),
        JSON.stringify({ url: other.url, credentials: other.credentials, externalId }),
      );
    const pack = await packIn(stack, {});
    await write("CUST-1");
    const refused = await stack.preview(...pack);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toMatch(/Organization (old|new): its externalId is the same as that of (old|new)\./);
    expect(refused.text).not.toContain("Organization elsewhere:");
    await write("CUST-2");
    expect(await stack.preview(...pack)).toMatchObject({ code: 0, changes: { create: 3 } });
    const up = await stack.up(...pack);
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: 3 } });
    expect(other.organizations()).toHaveLength(1);
  },
);

story.for(providersOfStories)(
  "$provider: a policy about a class of it is asked of its organizations",
  async ({ module }, { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { module });
    const pack = await packIn(stack, {});
    const program = `
    const { PolicyPack, validateResourceOfType } = require("@pulumi/policy");
    const { Organization } = require("${module}");
    new PolicyPack("own", { policies: [{
      name: "no-sandbox",
      description: "No sandbox.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(Organization, ({ displayName }, args, report) => {
        if (displayName === "Sandbox") report("no sandbox here");
      }),
    }] });`;
    await writeFile(join(stack.folder, "pack", "index.js"), program);
    await stack.write({ megasoft: { args: { displayName: "Megasoft" } }, box: { args: { displayName: "Sandbox" } } });
    const preview = await stack.preview(...pack);
    expect(preview.code).not.toBe(0);
    expect(preview.text.match(/no sandbox here/g)?.length).toBeGreaterThan(0);
    await stack.write({ megasoft: { args: { displayName: "Megasoft" } } });
    expect(await stack.preview(...pack)).toMatchObject({ code: 0 });
  },
);
