import { describe, expect } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { byHand, requestsOf } from "../support/seed.ts";
import { needYaml, organizations, shown, type YamlMeans, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const megasoft = { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier: "gold", plan: "annual" } };

/** An emulator and a stack on it, with one organization that is up. */
async function begin(
  { emulate, stackOn }: YamlMeans,
  { args = megasoft, ...options }: EmulatorOptions & { args?: Record<string, unknown> } = {},
) {
  const emulator = await emulate(options);
  const stack = await stackOn(emulator);
  await stack.write(organizations({ megasoft: args }));
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { create: 1 } });
  expect(up.text).not.toMatch(/warning/i);
  return { emulator, stack, stored: () => emulator.organizations()[0] };
}

describe.concurrent("an organization of a YAML program", () => {
  yamlStory("comes up, stays as it is without a request, and goes", async ({ yaml }) => {
    const { emulator, stack, stored } = await begin(yaml);
    expect(emulator.requests).toMatchObject([{ path: "/oauth/token" }, { method: "POST" }]);
    expect(stored()).toMatchObject({
      display_name: "Megasoft Inc",
      external_id: "CUST-1",
      metadata: { tier: "gold", plan: "annual" },
    });
    const before = emulator.requests.length;
    const again = await stack.up();
    expect(again, again.text).toMatchObject({ code: 0, changes: { same: 1 } });
    await stack.preview("--expect-no-changes");
    expect(emulator.requests.slice(before)).toEqual([]);
    expect(await stack.destroy()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toEqual([]);
  });

  yamlStory("shows one changed metadata key, and no other line", async ({ yaml }) => {
    const { emulator, stack, stored } = await begin(yaml);
    await stack.write(organizations({ megasoft: { ...megasoft, metadata: { tier: "iron", plan: "annual" } } }));
    const preview = await stack.preview("--diff");
    expect(shown(preview.text)).toEqual(["~ metadata: {", '~ tier: "gold" => "iron"', "}"]);
    const requests = await requestsOf(emulator, async () =>
      expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } }),
    );
    expect(requests).toEqual([`PATCH /api/v1/organizations/${stored()?.id}`]);
    expect(stored()?.metadata).toEqual({ tier: "iron", plan: "annual" });
  });

  yamlStory("shows each kind of change at its own path", async ({ yaml }) => {
    const { stack } = await begin(yaml, { args: { ...megasoft, features: { sso: true } } });
    const { externalId: _, ...rest } = megasoft;
    const changed = { ...rest, slug: "megasoft", metadata: { plan: "annual", "cost center": "7" } };
    await stack.write(organizations({ megasoft: { ...changed, features: { sso: false } } }));
    expect(shown((await stack.preview("--diff")).text)).toEqual([
      '- externalId: "CUST-1"',
      "~ features: {",
      "~ sso: true => false",
      "}",
      "~ metadata: {",
      '+ cost center: "7"',
      '- tier: "gold"',
      "}",
      '+ slug: "megasoft"',
    ]);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  yamlStory("is cleared of what is taken out of the program, and never replaced", async ({ yaml }) => {
    const { stack, stored } = await begin(yaml, { args: { ...megasoft, slug: "megasoft" } });
    const id = stored()?.id;
    await stack.write(organizations({ megasoft: { displayName: "Megasoft SE" } }));
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(stored()).toMatchObject({ id, display_name: "Megasoft SE", external_id: null, metadata: {} });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  yamlStory("is cleared on a server that merges metadata and clears an external ID by null only", async ({ yaml }) => {
    const { stack, stored } = await begin(yaml, { semantics: { metadata: "merge", externalIdClear: "null" } });
    await stack.write(organizations({ megasoft: { displayName: "Megasoft Inc" } }));
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(stored()).toMatchObject({ external_id: null, metadata: {} });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  yamlStory("fails the run where a server does not clear, and is tried again", async ({ yaml }) => {
    const { stack, stored } = await begin(yaml, { semantics: { externalIdClear: "never" } });
    await stack.write(organizations({ megasoft: { displayName: "Renamed" } }));
    for (let time = 0; time < 2; time++) {
      const failed = await stack.up();
      expect(failed.code).not.toBe(0);
      expect(failed.text.split("did not clear externalId")).toHaveLength(2);
      expect(await stack.organizations()).toMatchObject([
        { outputs: { displayName: "Renamed", externalId: "CUST-1" } },
      ]);
    }
    await stack.write(organizations({ megasoft: { displayName: "Renamed", externalId: "CUST-1" } }));
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(stored()).toMatchObject({ display_name: "Renamed", external_id: "CUST-1" });
  });
});

describe.concurrent("what happens by hand to an organization of a YAML program", () => {
  yamlStory("an edit is shown at its path by refresh, and reverted by up", async ({ yaml }) => {
    const { emulator, stack, stored } = await begin(yaml);
    await byHand(emulator, "PATCH", `/${stored()?.id}`, {
      external_id: "",
      metadata: { tier: "iron", plan: "annual" },
    });
    const preview = await stack.preview("--refresh", "--diff");
    expect(shown(preview.text)).toEqual([
      // What the refresh finds, and then what an up would do.
      '- externalId: "CUST-1"',
      "~ metadata: {",
      '~ tier: "gold" => "iron"',
      "}",
      "~ updateTime: [time] => [time]",
      '+ externalId: "CUST-1"',
      "~ metadata: {",
      '~ tier: "iron" => "gold"',
      "}",
    ]);
    const refresh = await stack.refresh("--diff");
    expect(refresh).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(shown(refresh.text)).toEqual(['- externalId: "CUST-1"', "~ metadata: {", '~ tier: "gold" => "iron"', "}"]);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(stored()).toMatchObject({ external_id: "CUST-1", metadata: { tier: "gold", plan: "annual" } });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  yamlStory("a delete is shown by refresh, and up creates the organization again", async ({ yaml }) => {
    const { emulator, stack, stored } = await begin(yaml);
    const id = stored()?.id;
    await byHand(emulator, "DELETE", `/${id}`);
    expect(await stack.refresh()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(await stack.organizations()).toEqual([]);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(emulator.organizations()).toMatchObject([{ external_id: "CUST-1" }]);
    expect(stored()?.id).not.toBe(id);
  });

  yamlStory("what the program never declared is left alone, and shown nowhere", async ({ yaml }) => {
    const { emulator, stack, stored } = await begin(yaml, { args: { displayName: "Sandbox" } });
    await byHand(emulator, "PATCH", `/${stored()?.id}`, { external_id: "BY-HAND", metadata: { owner: "sales" } });
    expect(await stack.refresh()).toMatchObject({ code: 0 });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { same: 1 } });
    await stack.write(organizations({ megasoft: { displayName: "Sales sandbox" } }));
    expect(shown((await stack.preview("--diff")).text)).toEqual(['~ displayName: "Sandbox" => "Sales sandbox"']);
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(stored()).toMatchObject({
      display_name: "Sales sandbox",
      external_id: "BY-HAND",
      metadata: { owner: "sales" },
    });
  });
});
