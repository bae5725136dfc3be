import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { parse } from "yaml";
import { furnish } from "../support/furnish.ts";
import { connect } from "../support/plain-client.ts";
import { requestsOf, seed } from "../support/seed.ts";
import { needYaml, type YamlMeans, type YamlProgram, type YamlStack, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const megasoft = {
  display_name: "Megasoft Inc",
  external_id: "CUST-1",
  metadata: { tier: "gold", "cost center": "7" },
};

async function begin({ emulate, stackOn }: YamlMeans, protection: string) {
  const emulator = await emulate();
  const [id = ""] = await seed(emulator, [megasoft]);
  const stack = await stackOn(emulator, { env: { SCALEKIT_DELETION_PROTECTION: protection } });
  return { emulator, stack, id };
}

/** Imports one resource, and gives the program that the CLI wrote for it. */
async function imported(stack: YamlStack, type: string, name: string, id: string): Promise<YamlProgram> {
  const ended = await stack.pulumi("import", `scalekit:index:${type}`, name, id, "--yes", "--out", "generated.yaml");
  expect(ended, ended.text).toMatchObject({ code: 0 });
  expect(ended.text).not.toMatch(/warning|diagnostics/i);
  return parse(await readFile(join(stack.folder, "generated.yaml"), "utf8"));
}

/** What is declared in several programs. */
const together = (programs: readonly YamlProgram[]): YamlProgram => ({
  resources: Object.assign({}, ...programs.map(({ resources }) => resources)),
});

describe.concurrent("pulumi import", () => {
  yamlStory.for([
    ["by its id", (id: string) => id, ""],
    ["by its external ID", () => "externalId=CUST-1", ""],
    ["by its id, where nothing is protected from deletion,", (id: string) => id, "false"],
  ] as const)(
    "takes an organization in %s with code for it, and then there is nothing to do",
    async ([, named, protection], { yaml }) => {
      const { emulator, stack, id } = await begin(yaml, protection);
      const requests = await requestsOf(emulator, async () => {
        await stack.write(await imported(stack, "Organization", "megasoft", named(id)));
        expect(await stack.organizations()).toMatchObject([{ id, inputs: { displayName: "Megasoft Inc" } }]);
        const preview = await stack.preview("--diff");
        expect(preview, preview.text).toMatchObject({ code: 0, changes: { same: 1 } });
        expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 1 } });
        expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
        expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
      });
      expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    },
  );

  yamlStory("lets what was taken in be changed, cleared and deleted as if it had been made", async ({ yaml }) => {
    const { emulator, stack, id } = await begin(yaml, "false");
    await imported(stack, "Organization", "megasoft", id);
    const program = (properties: Record<string, unknown>) => ({
      resources: { megasoft: { type: "scalekit:Organization", properties } },
    });
    await stack.write(program({ displayName: "Megasoft SE", metadata: { tier: "gold" } }));
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(emulator.organizations()).toMatchObject([
      { id, display_name: "Megasoft SE", external_id: null, metadata: { tier: "gold" } },
    ]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    await stack.pulumi("state", "unprotect", "--all", "--yes");
    expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toEqual([]);
  });

  yamlStory("takes in one of every kind, and then there is nothing to do", { timeout: 300_000 }, async ({ yaml }) => {
    const { emulator, stack, id } = await begin(yaml, "");
    const { call } = await connect(emulator.url, emulator.credentials);
    await furnish(call, id);
    emulator.connect(id, { id: "conn_1", enabled: true });
    const own = <T extends { id: string }>(things: readonly T[]) => `${id}/${things[0]?.id}`;
    const estate = [
      ["Organization", "megasoft", id],
      ["Permission", "write", "invoices:write"],
      ["Role", "billing", "billing"],
      ["OrganizationRole", "auditor", `${id}/auditor`],
      ["OrganizationDomain", "domain", own(emulator.all("domains"))],
      ["OrganizationDomain", "allowed", `organizationId=${id},domain=megasoft.com,domainType=ALLOWED_EMAIL_DOMAIN`],
      ["OrganizationApiClient", "robot", own(emulator.all("clients"))],
      ["OrganizationConnection", "okta", `${id}/conn_1`],
      ["OrganizationSessionPolicy", "sessions", id],
    ] as const;
    const programs: YamlProgram[] = [];
    const requests = await requestsOf(emulator, async () => {
      for (const [type, name, at] of estate) programs.push(await imported(stack, type, name, at));
      await stack.write(together(programs));
      const preview = await stack.preview("--diff", "--expect-no-changes");
      expect(preview, preview.text).toMatchObject({ code: 0 });
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
      expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  yamlStory.for([["org_1"], ["externalId=NOBODY"]])(
    "says that there is no organization %s, and keeps nothing",
    async ([id = ""], { yaml }) => {
      const { stack } = await begin(yaml, "");
      const failed = await stack.pulumi("import", "scalekit:index:Organization", "nobody", id, "--yes");
      expect(failed.code).not.toBe(0);
      expect(failed.text).toContain(`resource '${id}' does not exist`);
      expect(failed.text).not.toMatch(/getOrganization|new Organization|\n +at /);
      expect(await stack.organizations()).toEqual([]);
    },
  );

  yamlStory("of an option in the program takes the organization in as well", async ({ yaml }) => {
    const { emulator, stack, id } = await begin(yaml, "");
    const properties = { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: megasoft.metadata };
    const resources = (options: Record<string, unknown>) => ({
      resources: { megasoft: { type: "scalekit:Organization", properties, options } },
    });
    await stack.write(resources({ import: "externalId=CUST-1" }));
    const requests = await requestsOf(emulator, async () => {
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0, changes: { import: 1 } });
      expect(await stack.organizations()).toMatchObject([{ id }]);
      await stack.write(resources({}));
      expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    });
    expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });
});
