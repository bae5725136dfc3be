import { expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { newStack } from "../support/stack.ts";

test.concurrent("one organization's life: up, no change, change, destroy", async () => {
  await using emulator = await startEmulator();
  await using stack = await newStack(emulator);
  await stack.write({
    mega: { args: { displayName: "Megasoft Inc", externalId: "CUST-1", metadata: { tier: "gold" } } },
  });
  const r = await stack.up();
  console.log(r.text, r.changes);
  expect(r).toMatchObject({ code: 0, changes: { create: 1 } });
  const again = await stack.up();
  expect(again.changes).toEqual({ same: 1 });
  expect(emulator.organizations()).toMatchObject([{ display_name: "Megasoft Inc" }]);
  console.log(await stack.refresh(), await stack.preview(), await stack.destroy());
});
