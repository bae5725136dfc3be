import { describe, expect, test } from "vitest";
import { goalTable, millionTable, peerTable, setTables } from "../../bench/documents/sets.mts";
import { setsPlan } from "../../bench/plan/sets.mts";
import { goalsOf, isMet } from "../../bench/results/goals.mts";
import type { Contestant, Operation, Results } from "../../bench/results/results.mts";

const none = { token: 0, create: 0, get: 0, list: 0, update: 0, delete: 0 };

function run(provider: Contestant, size: number, repeat: number, seconds: Partial<Record<Operation, number>>) {
  const used = { cpuSeconds: 0, peakBytes: 1 };
  const measured = Object.entries(seconds).map(([operation, one]) => [
    operation,
    {
      seconds: one,
      requests: operation === "refresh" ? { ...none, token: 1, list: size / 100 } : none,
      engine: { ...used, cpuSeconds: one / 2 },
      program: used,
      provider: used,
      emulatorCpuSeconds: 0,
      largestProcessBytes: 3 * size * 1024 + 300 * 2 ** 20,
    },
  ]);
  return { provider, size, checkpoints: "on", latency: 0, repeat, operations: Object.fromEntries(measured) } as const;
}

const results: Results = {
  version: 1,
  machine: { processor: "some", cores: 2, memoryBytes: 2 ** 33, system: "Linux", node: "24.0.0", pulumi: "3.276.0" },
  measuredAt: "2026-11-27T00:00:00.000Z",
  runs: [
    run("set", 10_000, 1, { up: 6, again: 3, refresh: 2 }),
    run("loop", 10_000, 1, { up: 4 }),
    run("stack", 10_000, 1, { up: 1, again: 1, refresh: 1 }),
    // The machine was busy meanwhile, for all of them alike.
    run("stack", 10_000, 2, { up: 10, again: 10, refresh: 10 }),
    run("loop", 10_000, 2, { up: 40 }),
    run("set", 10_000, 2, { up: 60, again: 30, refresh: 20 }),
    run("set", 100_000, 1, { up: 330, again: 10, refresh: 10 }),
    run("opentofu", 1000, 1, { up: 20, again: 16 }),
    run("set", 1000, 1, { up: 2, again: 2 }),
  ],
  skipped: [],
};

describe("the goals of a set", () => {
  const found = (part: string) => goalsOf(results, "set").find(({ what }) => what.includes(part));

  test("a ratio is taken within each repeat, so a busy machine does not blur it", () => {
    const up = found("a bare loop");
    expect(up?.found).toEqual({ median: 1.2, least: 1.2, most: 1.2 });
    expect(up && isMet(up)).toBe(true);
    const again = found("without changes");
    expect(again?.found?.median).toBe(3);
    expect(again && isMet(again)).toBe(false);
  });

  test("requests, memory and the cost of a tenant have goals too, and what was not measured is neither met nor missed", () => {
    expect(found("requests of a refresh")).toMatchObject({ atMost: 100, found: { median: 100 } });
    expect(found("100,000: `up` for each tenant")?.found?.median).toBeCloseTo(1);
    expect(found("100,000: memory of the largest process")?.found?.median).toBe(300 * 2 ** 20 + 3 * 100_000 * 1024);
    for (const goal of goalsOf(results, "nativeSet")) expect(isMet(goal)).toBeUndefined();
  });

  test("the documents say which goal is missed, and nothing of what was not measured", () => {
    expect(goalTable(results)).toMatch(/without changes ÷ an empty stack's \| 2\.00 \| \*\*3\.00, missed\*\* \|/);
    expect(goalTable(results)).toMatch(/a bare loop .* \| 1\.50 \| 1\.20 \|/);
    const nothing = { ...results, runs: [] };
    for (const table of [goalTable, setTables, millionTable, peerTable]) {
      expect(table(nothing)).toBe("Not measured this time.\n");
    }
  });

  test("a million is read off the curve, and peers stand beside the set of their own run", () => {
    expect(millionTable(results)).toMatch(/\| up \| .* min \| .* min \| .* MiB \|/);
    expect(peerTable(results)).toContain("1,000 organizations:");
    expect(peerTable(results)).toContain("| seconds | set | opentofu |");
  });
});

describe("what is measured beside a set", () => {
  const who = (size: number, peers: readonly Contestant[] = []) =>
    setsPlan({ sizes: [size], repeats: 2, peers }).map(({ cell: { provider } }) => provider);

  test("organizations as resources and peers only up to a thousand, the loop and the empty stack always", () => {
    expect(who(1000, ["alchemy"]).toSorted()).toEqual([
      "alchemy",
      "empty",
      "loop",
      "naive",
      "nativeSet",
      "ours",
      "set",
      "stack",
    ]);
    expect(who(10_000, ["alchemy"]).toSorted()).toEqual(["loop", "nativeSet", "set", "stack"]);
  });

  test("what takes minutes is measured once", () => {
    const repeats = setsPlan({ sizes: [1000, 100_000], repeats: 2 }).map(
      ({ cell, repeats }) => `${cell.provider} ${cell.size} ${repeats}`,
    );
    expect(repeats).toContain("set 1000 2");
    expect(repeats).toContain("naive 1000 1");
    expect(repeats).toContain("set 100000 1");
  });
});
