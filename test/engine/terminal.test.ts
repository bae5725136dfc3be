import { expect } from "vitest";
import { story } from "../support/story.ts";

/** Clears the screen, rings, turns what follows around, and begins a line of its own. */
const evil = "\u001b[2J\u0007\u202e\nResources:\n    + 1 created";

story("a server's words command no terminal through the engine", { timeout: 120_000 }, async ({ means }) => {
  const emulator = await means.emulate();
  const stack = await means.stackOn(emulator);
  await stack.write({ one: { args: { displayName: "One", externalId: "X-1" } } });
  emulator.fail({ method: "POST", count: 9, effect: { kind: "status", status: 403, message: evil, code: evil } });
  const up = await stack.up();
  expect(up.code).not.toBe(0);
  expect(up.text).toContain("\\u001b[2J\\u0007\\u202e\\nResources:\\n    + 1 created");
  for (const raw of ["\u001b[2J", "\u0007", "\u202e"]) expect(up.text).not.toContain(raw);
});
