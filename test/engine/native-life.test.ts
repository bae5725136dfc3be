import { describe, expect } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { byHand, requestsOf } from "../support/seed.ts";
import { needYaml, organizations, type YamlMeans, yamlStory } from "../support/yaml-stack.ts";

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
    console.log(preview.text);
    const requests = await requestsOf(emulator, async () =>
      expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } }),
    );
    expect(requests).toEqual([`PATCH /api/v1/organizations/${stored()?.id}`]);
    expect(stored()?.metadata).toEqual({ tier: "iron", plan: "annual" });
  });
});
