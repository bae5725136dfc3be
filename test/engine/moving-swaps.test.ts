import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/index.ts";
import { endAt, unlock, ways } from "../support/crash.ts";
import { declare } from "../support/moving.ts";
import { expectSuccess } from "../support/stack.ts";
import { type Means, story } from "../support/story.ts";

const size = 30;

/** Organizations by number, each with the external ID that `externalIds` has for it. */
const source = `
const { externalIds, dynamic = [] } = require("./program.json");
const classOf = (n) => require(dynamic.includes(n) ? "pulumi-scalekit" : "pulumi-scalekit/native").Organization;
externalIds.forEach((externalId, n) => new (classOf(n))("customer-" + n, { displayName: "Customer " + n, externalId }));`;

const wanted = (move: (n: number) => number): string[] =>
  Array.from({ length: size }, (_, n) => `CUST-${(move(n) + size) % size}`);

const held = (emulator: Emulator): (string | null | undefined)[] =>
  emulator
    .organizations()
    .map(({ display_name, external_id }) => [Number(display_name.split(" ")[1]), external_id] as const)
    .sort(([a], [b]) => a - b)
    .map(([, externalId]) => externalId);

async function begin({ emulate, stackOn }: Means) {
  const emulator = await emulate();
  const stack = await stackOn(emulator, { source, env: { SCALEKIT_MAX_REQUESTS_PER_MINUTE: "100000" } });
  await declare(stack, { externalIds: wanted((n) => n) });
  await expectSuccess(stack.up());
  return { emulator, stack };
}

story.concurrent(
  "external IDs change hands in one run of the plugin, however far apart, and with however many workers",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const made = emulator.organizations().map(({ id }) => id);
    const runs: [(n: number) => number, ...string[]][] = [
      [(n) => n ^ 1],
      [(n) => size - 1 - n],
      [(n) => n, "--parallel", "4"],
      [(n) => n + 1, "--parallel", "1"],
      [(n) => n - 1],
    ];
    for (const [move, ...flags] of runs) {
      await declare(stack, { externalIds: wanted(move) });
      await expectSuccess(stack.up(...flags));
      expect(held(emulator)).toEqual(wanted(move));
      await expectSuccess(stack.up("--expect-no-changes"));
    }
    expect(
      emulator
        .organizations()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(made.sort());
    await expectSuccess(stack.refresh("--expect-no-changes"));
  },
);

story.concurrent(
  "two of different providers do not swap: that is refused, and made once both are of one",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const swapped = wanted((n) => (n < 2 ? 1 - n : n));
    await declare(stack, { externalIds: wanted((n) => n), dynamic: [1] });
    await expectSuccess(stack.up());
    await declare(stack, { externalIds: swapped, dynamic: [1] });
    for (let run = 0; run < 2; run++) {
      const refused = await stack.up();
      expect(refused.code, refused.text).not.toBe(0);
      expect(refused.text.replaceAll(/\s+/g, " ")).toContain("its new external ID belongs to org_");
      expect(held(emulator)).toEqual(wanted((n) => n));
    }
    await declare(stack, { externalIds: swapped });
    await expectSuccess(stack.up());
    expect(held(emulator)).toEqual(swapped);
    await expectSuccess(stack.up("--expect-no-changes"));
  },
);

story.concurrent(
  "a swap that a kill has interrupted is finished through the other door",
  { timeout: 400_000 },
  async ({ means }) => {
    const { emulator, stack } = await begin(means);
    const all = Array.from({ length: size }, (_, n) => n);
    const patches = () => emulator.requests.filter(({ method }) => method === "PATCH").length;
    let isNative = true;
    for (const move of [(n: number) => size - 1 - n, (n: number) => n + 1]) {
      await declare(stack, { externalIds: wanted(move), dynamic: isNative ? [] : all });
      const from = patches();
      const kill = ways["kill -9 of the CLI, the program and the provider"];
      await endAt(Math.floor(size * 0.6), kill, stack, () => patches() - from);
      await unlock(stack);
      isNative = !isNative;
      await declare(stack, { externalIds: wanted(move), dynamic: isNative ? [] : all });
      await expectSuccess(stack.up());
      expect(held(emulator)).toEqual(wanted(move));
      await expectSuccess(stack.up("--expect-no-changes"));
    }
  },
);
