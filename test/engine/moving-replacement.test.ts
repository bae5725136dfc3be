import { expect } from "vitest";
import { endAt, unlock, ways } from "../support/crash.ts";
import { beginWithEach, declare } from "../support/moving.ts";
import { below, expectRefusedAndThenReplaced, resource, thingsOf } from "../support/replacing.ts";
import { expectSuccess } from "../support/stack.ts";
import { story } from "../support/story.ts";

/** As forced-replacement.test.ts and forced-replacement-changes.test.ts have it of the dynamic classes. */

story.concurrent(
  "an organization of the plugin that is replaced by force, and all that hangs on it, stay where the new one is refused",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack } = await beginWithEach(means, "native");
    // A connection has no organization but its own.
    await declare(stack, { native: "all" });
    await expectSuccess(stack.up());
    const there = thingsOf(emulator);
    const [before] = emulator.organizations().filter(({ external_id }) => external_id === "CUST-1");
    const flags = ["--replace", (await resource(stack, "megasoft"))?.urn ?? ""];
    const preview = await expectSuccess(stack.preview(...flags));
    for (const name of below) expect(preview.text).toMatch(new RegExp(` ${name} +(delete-)?replace`));
    const says = `Organization ${before?.id} is unchanged, since its replacement was not created.`;
    await expectRefusedAndThenReplaced({ emulator, stack, before, there, flags, says });
  },
);

story.concurrent(
  "an organization whose replacement is killed is finished through the other door, neither lost nor doubled",
  { timeout: 600_000 },
  async ({ means }) => {
    const { emulator, stack } = await beginWithEach(means, "native");
    await declare(stack, { native: "all" });
    await expectSuccess(stack.up());
    const named = () => emulator.organizations().filter(({ external_id }) => external_id === "CUST-1");
    const kill = ways["kill -9 of the CLI, the program and the provider"];
    for (const [method, native] of [
      ["PATCH", []],
      ["POST", "all"],
    ] as const) {
      const urn = (await resource(stack, "megasoft"))?.urn ?? "";
      await expectSuccess(stack.pulumi("state", "taint", urn, "--yes"));
      emulator.fail({
        method,
        path: "/api/v1/organizations",
        count: 100,
        effect: { kind: "delay", milliseconds: 5_000, when: "after" },
      });
      const moving = () =>
        emulator.organizations().filter(({ external_id }) => /^moving:/.test(`${external_id}`)).length;
      await endAt(1, kill, stack, moving);
      emulator.heal();
      await unlock(stack);
      await declare(stack, { native });
      await expectSuccess(stack.up());
      expect(named(), method).toHaveLength(1);
      expect(emulator.organizations(), method).toHaveLength(2);
      await expectSuccess(stack.up("--expect-no-changes"));
      expect((await resource(stack, "megasoft"))?.id).toBe(named()[0]?.id);
    }
  },
);
