import { describe, expect } from "vitest";
import { requestsOf } from "../support/seed.ts";
import { needYaml, shown, type YamlProgram, yamlStory } from "../support/yaml-stack.ts";

needYaml();

// biome-ignore lint/suspicious/noTemplateCurlyInString: as YAML programs refer to values
const organizationId = "${megasoft.id}";

/** One of every kind. `text` is in all that changes in place; `rotation` and `domain` replace. */
function oneOfEach({ text = "First", rotation = "1", domain = "megasoft.com", timeout = 600 } = {}): YamlProgram {
  const of = (type: string, properties: Record<string, unknown>) => ({ type: `scalekit:${type}`, properties });
  return {
    resources: {
      megasoft: of("Organization", { displayName: text, externalId: "CUST-1", features: { sso: true } }),
      write: of("Permission", { name: "invoices:write", description: text }),
      billing: of("Role", { name: "billing", displayName: text, permissions: ["sk_org_users_read"] }),
      auditor: of("OrganizationRole", { organizationId, name: "auditor", displayName: text }),
      domain: of("OrganizationDomain", { organizationId, domain, domainType: "ORGANIZATION_DOMAIN" }),
      robot: of("OrganizationApiClient", { organizationId, name: "Robot", description: text, rotation }),
      sessions: of("OrganizationSessionPolicy", { organizationId, absoluteSessionTimeout: timeout }),
      users: of("OrganizationUserManagement", { organizationId, maxAllowedUsers: timeout }),
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as YAML programs refer to values
    outputs: { secret: "${robot.clientSecret}" },
  };
}

describe.concurrent("one of every kind in a YAML program", () => {
  yamlStory("comes up, stays without a request, is refreshed, changed in place, and goes", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(oneOfEach());
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    expect(up.text).toContain("+ 9 created");
    expect(await requestsOf(emulator, () => stack.up("--expect-no-changes"))).toEqual([]);
    const refresh = await stack.refresh("--expect-no-changes");
    expect(refresh, refresh.text).toMatchObject({ code: 0 });

    await stack.write(oneOfEach({ text: "Second", timeout: 900 }));
    const preview = await stack.preview("--diff");
    expect(preview, preview.text).toMatchObject({ code: 0 });
    expect(shown(preview.text).sort()).toEqual(
      [
        '~ displayName: "First" => "Second"',
        '~ description: "First" => "Second"',
        '~ displayName: "First" => "Second"',
        '~ displayName: "First" => "Second"',
        '~ description: "First" => "Second"',
        "~ absoluteSessionTimeout: 600 => 900",
        "~ maxAllowedUsers: 600 => 900",
      ].sort(),
    );
    const changed = await stack.up();
    expect(changed, changed.text).toMatchObject({ code: 0 });
    expect(changed.text).toContain("~ 7 updated");
    expect(changed.text).not.toContain("replaced");
    expect(emulator.all("roles")).toContainEqual(expect.objectContaining({ name: "auditor", display_name: "Second" }));
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });

    const destroyed = await stack.destroy();
    expect(destroyed, destroyed.text).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual([]);
    expect(emulator.all("roles").map(({ name }) => name)).not.toContain("billing");
  });

  yamlStory("shows what replaces one, and makes the new before it deletes the old where it can", async ({ yaml }) => {
    const emulator = await yaml.emulate();
    const stack = await yaml.stackOn(emulator);
    await stack.write(oneOfEach());
    expect(await stack.up()).toMatchObject({ code: 0 });
    const secret = async () =>
      JSON.parse((await stack.pulumi("stack", "output", "--json", "--show-secrets")).text).secret;
    const before = await secret();

    await stack.write(oneOfEach({ rotation: "2", domain: "megasoft.io" }));
    const preview = await stack.preview("--diff");
    expect(preview, preview.text).toMatchObject({ code: 0 });
    expect(preview.text).toMatch(/~ rotation *: "1" => "2"/);
    expect(preview.text).toMatch(/~ domain *: "megasoft.com" => "megasoft.io"/);
    expect(preview.text).toContain("+-2 to replace");
    const requests = await requestsOf(emulator, async () => {
      const up = await stack.up();
      expect(up, up.text).toMatchObject({ code: 0 });
      expect(up.text).toContain("+-2 replaced");
    });
    // One that was made a moment ago is looked for before it is deleted.
    const sent = requests.filter((request) => request.includes("/clients")).map((request) => request.split(" ")[0]);
    const clients = sent.filter((method) => method !== "GET");
    expect(clients).toEqual(["POST", "DELETE"]);
    expect(await secret()).not.toBe(before);
    expect(emulator.all("clients")).toHaveLength(1);
    expect(emulator.all("domains")).toMatchObject([{ domain: "megasoft.io" }]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });
});
