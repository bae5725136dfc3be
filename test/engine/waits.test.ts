import { expect } from "vitest";
import { bothProviders } from "../support/both-types.ts";
import { story } from "../support/story.ts";

const names = Array.from({ length: 12 }, (_, n) => `customer-${n}`);
const program = Object.fromEntries(
  names.map((displayName) => [displayName, { args: { displayName, externalId: `SECRET-${displayName}` } }]),
);

/** The lines of the engine's last words, for it shows them as they come too. */
const linesOf = (text: string, what: RegExp): string[] =>
  (text.split("Diagnostics:")[1] ?? "").split("\n").filter((line) => what.test(line));

story.concurrent.for(bothProviders.map(({ provider, module }) => [provider, module] as const))(
  "a run of %s says in one line that Scalekit asks to wait",
  { timeout: 180_000 },
  async ([, module], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { module });
    await stack.write(program);
    emulator.fail({ method: "POST", count: 3, effect: { kind: "status", status: 429, retryAfter: 4 } });
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0, changes: { create: names.length } });
    const lines = linesOf(up.text, /asks to wait/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Scalekit asks to wait 4 s \(429\); \d+ requests? (is|are) in line\.$/);
  },
);

story.concurrent.for(bothProviders.map(({ provider, module }) => [provider, module] as const))(
  "SCALEKIT_DEBUG shows each request of %s, and no value",
  { timeout: 180_000 },
  async ([, module], { means }) => {
    const emulator = await means.emulate();
    const stack = await means.stackOn(emulator, { module, env: { SCALEKIT_DEBUG: "1" } });
    await stack.write(program);
    const up = await stack.up();
    expect(up, up.text).toMatchObject({ code: 0 });
    const lines = linesOf(up.text, /answered \d+ after \d+ ms/);
    expect(lines).toHaveLength(emulator.requests.length);
    expect(lines.join("\n")).not.toContain("SECRET");
  },
);
