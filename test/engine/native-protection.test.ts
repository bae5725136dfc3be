import { describe, expect } from "vitest";
import { requestsOf } from "../support/seed.ts";
import { needYaml, organizations, type YamlMeans, yamlStory } from "../support/yaml-stack.ts";

needYaml();

const megasoft = { displayName: "Megasoft Inc", externalId: "CUST-1" };

/** A stack as a user has it: its organizations are protected unless the program or a setting says otherwise. */
async function begin({ emulate, stackOn }: YamlMeans, args: Record<string, unknown> = megasoft) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { env: { SCALEKIT_DELETION_PROTECTION: "" } });
  await stack.write(organizations({ megasoft: args }));
  const up = await stack.up();
  expect(up, up.text).toMatchObject({ code: 0, changes: { create: 1 } });
  return { emulator, stack };
}

describe.concurrent("an organization that is protected from deletion", () => {
  yamlStory("is not deleted, and the error says how to allow it, which then works", async ({ yaml }) => {
    const { emulator, stack } = await begin(yaml);
    for (const attempt of [() => stack.destroy(), () => stack.write({}).then(() => stack.up())]) {
      const requests = await requestsOf(emulator, async () => {
        const refused = await attempt();
        expect(refused.code).not.toBe(0);
        expect(refused.text).toContain("is protected from deletion");
        expect(refused.text).toContain("set `deletionProtection: false` on its resource, run `pulumi up`");
        expect(refused.text).not.toContain("    at ");
      });
      expect(requests).toEqual([]);
    }
    expect(emulator.organizations()).toHaveLength(1);

    await stack.write(organizations({ megasoft: { ...megasoft, deletionProtection: false } }));
    const allowed = await requestsOf(emulator, async () => expect(await stack.up()).toMatchObject({ code: 0 }));
    expect(allowed.filter((request) => !request.startsWith("GET"))).toEqual([]);
    await stack.write({});
    expect(await stack.up()).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toEqual([]);
  });

  yamlStory("is deleted where the stack's configuration takes the protection off", async ({ yaml }) => {
    const { emulator, stack } = await begin(yaml);
    expect((await stack.pulumi("config", "set", "scalekit:deletionProtection", "false")).code).toBe(0);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    const destroyed = await stack.destroy();
    expect(destroyed, destroyed.text).toMatchObject({ code: 0, changes: { delete: 1 } });
    expect(emulator.organizations()).toEqual([]);
  });

  yamlStory("is forgotten and stays at Scalekit with retainOnDelete", async ({ yaml }) => {
    const { emulator, stack } = await begin(yaml);
    const options = { retainOnDelete: true };
    await stack.write({ resources: { megasoft: { type: "scalekit:Organization", properties: megasoft, options } } });
    expect(await stack.up()).toMatchObject({ code: 0 });
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(await stack.resources()).toEqual([]);
    expect(emulator.organizations()).toHaveLength(1);
  });
});
