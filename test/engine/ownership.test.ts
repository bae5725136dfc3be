import { describe, expect } from "vitest";
import { byHand } from "../support/seed.ts";
import { type Means, story } from "../support/story.ts";

/** Somebody else's system: a client of the API that is not this package's. */
const elsewhere = async (...request: Parameters<typeof byHand>): Promise<{ id: string }> =>
  ((await byHand(...request)) as { organization: { id: string } }).organization;

async function begin({ emulate, stackOn }: Means) {
  const emulator = await emulate();
  return { emulator, stack: await stackOn(emulator) };
}

describe.concurrent("an organization that exists", () => {
  story("is refused with its id, and adopted once the program says so, reported at preview", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const { id } = await elsewhere(emulator, "POST", "", { display_name: "By hand", external_id: "CUST-1" });
    const args = { displayName: "Megasoft", externalId: "CUST-1" };
    await stack.write({ megasoft: { args } });
    const refused = await stack.up();
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain(`its external ID belongs to ${id}`);
    expect(refused.text).toContain("set `adopt: true` on it and run `pulumi up`");

    await stack.write({ megasoft: { args: { ...args, adopt: true } } });
    const preview = await stack.preview();
    expect(preview.text).toContain(`${id}, created `);
    expect(preview.text).toContain("Organization megasoft will adopt");
    expect(preview.text).toMatch(/by its external ID, and\s+change its displayName\./);
    expect(emulator.organizations()).toMatchObject([{ display_name: "By hand" }]);
    const up = await stack.up();
    expect(up).toMatchObject({ code: 0, changes: { create: 1 } });
    expect(up.text).toContain(`Adopted ${id}`);
    expect(emulator.organizations()).toMatchObject([{ id, display_name: "Megasoft" }]);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    await stack.write({ megasoft: { args } });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
  });

  story("adopt without an external ID is refused at preview", async ({ means }) => {
    const { emulator, stack } = await begin(means);
    await stack.write({ megasoft: { args: { displayName: "Megasoft", adopt: true } } });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("adopt needs an externalId");
    expect(emulator.requests).toEqual([]);
  });
});

story.concurrent(
  "two stacks that want one external ID at the same time: one has it, the other is refused",
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const other = await means.stackOn(emulator, { name: "other" });
    const args = { displayName: "Megasoft", externalId: "CUST-1", metadata: { tier: "gold" } };
    for (const one of [stack, other]) await one.write({ megasoft: { args } });
    const runs = await Promise.all([stack.up(), other.up()]);
    expect(runs.map(({ code }) => code === 0).sort()).toEqual([false, true]);
    expect(runs.find(({ code }) => code !== 0)?.text).toContain(
      `its external ID belongs to ${emulator.organizations()[0]?.id}`,
    );
    expect(emulator.organizations()).toHaveLength(1);
    expect(await Promise.all([stack.organizations(), other.organizations()]).then((both) => both.flat())).toHaveLength(
      1,
    );
  },
);

story.concurrent(
  "another system's metadata survives where only the declared keys are owned, and is no drift",
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const declare = (metadata: object) =>
      stack.write({ megasoft: { args: { displayName: "Megasoft", metadata, metadataOwnership: "declared" } } });
    await declare({ tier: "gold", plan: "annual" });
    await stack.up();
    const id = emulator.organizations()[0]?.id;
    await elsewhere(emulator, "PATCH", `/${id}`, { metadata: { tier: "gold", plan: "annual", crm_id: "4711" } });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    await declare({ tier: "iron" });
    expect(await stack.up()).toMatchObject({ code: 0, changes: { update: 1 } });
    expect(emulator.organizations()[0]?.metadata).toEqual({ tier: "iron", crm_id: "4711" });
    expect(JSON.stringify(await stack.organizations())).not.toContain("4711");
  },
);

story.concurrent(
  "two organizations swap their external IDs in one run, whatever the parallelism",
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const declare = (megasoft: string, initech: string) =>
      stack.write({
        megasoft: { args: { displayName: "Megasoft", externalId: megasoft } },
        initech: { args: { displayName: "Initech", externalId: initech } },
      });
    await declare("A", "B");
    await stack.up();
    for (const [megasoft, initech, parallel] of [
      ["B", "A", "16"],
      ["A", "B", "1"],
    ] as const) {
      await declare(megasoft, initech);
      const up = await stack.up("--parallel", parallel);
      expect(up, up.text).toMatchObject({ code: 0, changes: { update: 2 } });
      const held = Object.fromEntries(emulator.organizations().map((one) => [one.display_name, one.external_id]));
      expect(held).toEqual({ Megasoft: megasoft, Initech: initech });
    }
  },
);
