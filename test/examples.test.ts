import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startEmulator } from "../src/emulator/index.ts";
import { newStack, repository } from "./support/stack.ts";

const folder = join(repository, "examples");
const examples = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe.concurrent.each(examples.map(({ name }) => name))("the example %s", (name) => {
  test("comes up, stays as it is, and goes without a trace", async () => {
    await using emulator = await startEmulator();
    await using stack = await newStack(emulator, { project: join(folder, name) });
    expect(await stack.up()).toMatchObject({ code: 0 });
    const made = emulator.organizations();
    expect(made.length).toBeGreaterThan(0);
    expect(await stack.up("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await stack.refresh("--expect-no-changes")).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual(made);
    expect(await stack.destroy()).toMatchObject({ code: 0 });
    expect(emulator.organizations()).toEqual([]);
  });
});
