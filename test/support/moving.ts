import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { oneOfEach } from "./one-of-each.ts";
import { requestsOf } from "./seed.ts";
import { expectSuccess, type Resource } from "./stack.ts";
import type { Means, Stack } from "./story.ts";

/** Which classes a program has: of one provider, or of both. */
export type Door = "dynamic" | "native";

export const declare = (stack: Pick<Stack, "folder">, program: object): Promise<void> =>
  writeFile(join(stack.folder, "program.json"), JSON.stringify(program));

/** An emulator and a stack with one of every kind, made through a door. */
export async function beginWithEach({ emulate, stackOn }: Means, door: Door) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source: oneOfEach });
  const native = door === "native" ? "all" : [];
  await declare(stack, { native });
  await expectSuccess(stack.up());
  const owner = emulator.organizations().find(({ external_id }) => external_id === "CUST-1");
  emulator.connect(owner?.id ?? "", { id: "conn_1", enabled: true });
  const program = { connection: { connectionId: "conn_1", enabled: true } };
  await declare(stack, { native, ...program });
  await expectSuccess(stack.up());
  return { emulator, stack, program };
}

/** The requests of `act` that might change something. */
export const writesOf = async (emulator: Emulator, act: () => Promise<unknown>): Promise<string[]> =>
  (await requestsOf(emulator, act)).filter((request) => !request.startsWith("GET "));

/**
 * Expects that `resources` are of a door, each with the text of its provider or without, and that no secret is plain. The plugin
 * writes outputs with the first update or refresh, and reads what the other provider left there.
 */
export function expectOf(door: Door, resources: readonly Resource[]): void {
  for (const { type, inputs, outputs } of resources) {
    expect(type).toMatch(door === "native" ? /^scalekit:index:/ : /^pulumi-nodejs:dynamic/);
    expect("__provider" in inputs, type).toBe(door === "dynamic");
    if (door === "dynamic") expect(outputs["__provider"], type).toBe(inputs["__provider"]);
  }
  expect(JSON.stringify(resources)).not.toContain('"clientSecret":"');
}

/**
 * Moves a stack by what `enter` writes: no resource is made, replaced or deleted at preview or up, nothing is sent but
 * reads, and then all is as the program says.
 */
export async function expectToMove(emulator: Emulator, stack: Stack, enter: () => Promise<unknown>): Promise<void> {
  const before = await stack.resources();
  const stored = JSON.stringify(emulator.organizations());
  await enter();
  expect(
    await writesOf(emulator, async () => {
      const preview = await expectSuccess(stack.preview("--diff"));
      expectOnly(["same", "update"], preview.steps, before.length, preview.text);
      const up = await expectSuccess(stack.up());
      expectOnly(["same", "update"], up.steps, before.length, up.text);
      const again = await expectSuccess(stack.up("--expect-no-changes"));
      expectOnly(["same"], again.steps, before.length, again.text);
    }),
  ).toEqual([]);
  const after = await stack.resources();
  expect(idsOf(after)).toEqual(idsOf(before));
  expect(JSON.stringify(emulator.organizations())).toBe(stored);
}

function expectOnly(ops: readonly string[], steps: Readonly<Record<string, number>>, count: number, text: string) {
  expect(
    Object.keys(steps).filter((op) => !ops.includes(op)),
    text,
  ).toEqual([]);
  expect(
    Object.values(steps).reduce((sum, one) => sum + one, 0),
    text,
  ).toBe(count);
}

const idsOf = (resources: readonly Resource[]): string[] =>
  resources.map(({ urn, id }) => `${urn.split("::").at(-1)} ${id}`).sort();
