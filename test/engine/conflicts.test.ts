import { describe, expect } from "vitest";
import { story } from "../support/story.ts";

const program = Object.fromEntries(
  Array.from({ length: 12 }, (_, n) => [`c${n}`, { args: { displayName: `Customer ${n}`, externalId: `CUST-${n}` } }]),
);

describe.each(["pulumi-scalekit", "pulumi-scalekit/native"])("external IDs that others have, with %s", (module) => {
  story("are reported at preview, each once and by whom, and refused at up, each once", async ({ means }) => {
    const emulator = await means.emulate();
    const first = await means.stackOn(emulator, { module });
    await first.write(program);
    const made = await first.up();
    expect(made, made.text).toMatchObject({ code: 0, changes: { create: 12 } });

    const theirs = emulator.organizations();
    const second = await means.stackOn(emulator, { module });
    await second.write({ ...program, mine: { args: { displayName: "Mine", externalId: "CUST-100" } } });
    const before = emulator.requests.length;
    const preview = await second.preview();
    expect(preview, preview.text).toMatchObject({ code: 0, changes: { create: 13 } });
    const asked = emulator.requests.slice(before).filter(({ path }) => path.startsWith("/api/"));
    expect(asked.length, JSON.stringify(asked)).toBeLessThanOrEqual(4);
    // The rows above repeat each diagnostic.
    const [, shown = ""] = preview.text.split("Diagnostics:");
    for (const { id, external_id } of emulator.organizations()) {
      const name = external_id?.replace("CUST-", "c");
      const line = `Organization ${name} cannot be created as things are: ${id}, created `;
      expect(shown.split(line), line).toHaveLength(2);
    }
    expect(shown).not.toContain("Organization mine");

    const up = await second.up();
    expect(up.code).toBe(1);
    // The engine may stop before it comes to the one that is free.
    expect(emulator.organizations().slice(0, 12)).toEqual(theirs);
    const failed = [...up.text.matchAll(/belongs to (org_\d+)/g)].map(([, id]) => id);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed, up.text).toEqual([...new Set(failed)]);
  });
});
