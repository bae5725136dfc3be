import { describe, expect, test } from "vitest";
import { forecast, fullPlan, ordersOf, turns } from "../../bench/plan/plan.mts";

describe("what is measured when", () => {
  const orders = ordersOf({
    providers: ["ours", "naive", "empty"],
    sizes: [10, 100],
    checkpoints: ["on"],
    latency: 0,
    repeats: 2,
    operations: ["up"],
  });

  test("providers take turns, and another begins in each repeat", () => {
    expect(turns(orders).map(({ cell, repeat }) => `${repeat} ${cell.size} ${cell.provider}`)).toEqual([
      ...["1 10 ours", "1 10 naive", "1 10 empty", "1 100 ours", "1 100 naive", "1 100 empty"],
      ...["2 10 naive", "2 10 empty", "2 10 ours", "2 100 naive", "2 100 empty", "2 100 ours"],
    ]);
  });

  test("what would take long is estimated by the square of the size, or by the size with checkpoints off", () => {
    const cell = { provider: "naive", checkpoints: "on", latency: 0 } as const;
    const used = { cpuSeconds: 1, peakBytes: 1 };
    const requests = { token: 0, create: 0, get: 0, list: 0, update: 0, delete: 0 };
    const up = { seconds: 10, requests, engine: used, program: used, provider: used, emulatorCpuSeconds: 0 };
    const run = { ...cell, size: 300, repeat: 1, operations: { up } };
    expect(forecast({ ...cell, size: 3000 }, [run])).toBe(1000);
    expect(forecast({ ...cell, size: 3000, checkpoints: "off" }, [{ ...run, checkpoints: "off" }])).toBe(100);
    expect(forecast({ ...cell, size: 10_000 }, [])).toBe(10_000);
  });

  test("the full plan attempts nothing that its time limit would leave out", () => {
    expect(fullPlan().filter(({ cell }) => forecast(cell, []) > 600)).toEqual([]);
  });
});
