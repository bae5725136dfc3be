import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, fitCurve } from "../../bench/curve.mts";
import { forecast, fullPlan, ordersOf, turns } from "../../bench/plan.mts";
import { change, compare, load, naive, ours, refresh, type World } from "../../bench/simulation.mts";
import { show, spread } from "../../bench/spread.mts";

const flat = (seconds: number) => ({ start: seconds, perOne: 0, perPair: 0 });
const million: World = { organizations: 1_000_000, perStack: 1000, requestsPerMinute: 600, runners: 4 };
/** A thousand organizations as measured once: 44 s with checkpoints on. */
const costs = { up: flat(44), update: flat(10), refresh: flat(3) };

describe("a million organizations on paper", () => {
  test("the first load is a request for each, and waits for the rate limit", () => {
    expect(load(million, costs, ours)).toEqual({ requests: 1_001_000, hours: 1_001_000 / 600 / 60, bound: "requests" });
    expect(load(million, costs, naive)).toMatchObject({ requests: 2_000_000, hours: 2_000_000 / 36_000 });
  });

  test("where the rate limit is wide, it waits for the engine, which the runners share", () => {
    const wide = { ...million, requestsPerMinute: 60_000 };
    expect(load(wide, costs, ours)).toEqual({ requests: 1_001_000, hours: (1000 * 44) / 4 / 3600, bound: "engine" });
  });

  test("a change of one in a hundred has a run of every stack, and a request for each change", () => {
    expect(change(million, costs, ours)).toMatchObject({ requests: 1000 * (10 + 1) });
    expect(change(million, costs, naive)).toMatchObject({ requests: 1000 * 10 * 2 });
  });

  test("many small stacks read their own organizations; one comparison reads the list once for all of them", () => {
    expect(refresh(million, costs, ours).requests).toBe(1000 * (1000 + 1));
    expect(refresh({ ...million, perStack: 20_000 }, costs, ours).requests).toBe(50 * (10_000 + 1));
    expect(refresh({ ...million, organizations: 1000 }, costs, ours).requests).toBe(10 + 1);
    expect(refresh(million, costs, naive).requests).toBe(2_000_000);
    expect(compare(million)).toMatchObject({ requests: 10_001, bound: "requests" });
  });

  test("a last stack that is not full counts as what it holds", () => {
    const world = { ...million, organizations: 2500 };
    expect(load(world, { ...costs, up: { start: 1, perOne: 0.01, perPair: 0 } }, ours)).toMatchObject({
      requests: 2503,
    });
  });
});

describe("a curve through what was measured", () => {
  test("is found again, whatever it is", () => {
    const term = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(term, term, term, (start, a, b) => {
        const curve = { start, perOne: a / 1000, perPair: b / 1_000_000 };
        const points = [100, 300, 1000, 3000, 10_000].map((size) => ({ size, seconds: at(curve, size) }));
        const found = fitCurve(points);
        for (const { size, seconds } of points) {
          expect(found && at(found, size)).toBeGreaterThan(seconds * 0.999);
          expect(found && at(found, size)).toBeLessThan(seconds * 1.001);
        }
      }),
    );
  });

  test("never takes less than no time, and none goes through no points", () => {
    const found = fitCurve([
      { size: 100, seconds: 5 },
      { size: 300, seconds: 4 },
      { size: 1000, seconds: 9 },
    ]);
    expect(Math.min(found?.start ?? -1, found?.perOne ?? -1, found?.perPair ?? -1)).toBeGreaterThanOrEqual(0);
    expect(fitCurve([])).toBeUndefined();
  });
});

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

  test("what would take long is foreseen by the square of the size, or by the size with checkpoints off", () => {
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

test("a spread is the median with the least and the most, or one figure where they look the same", () => {
  expect(show(spread([3, 1, 2]))).toBe("2.00 (1.00–3.00)");
  expect(show(spread([1, 2]))).toBe("1.50 (1.00–2.00)");
  expect(show(spread([123.4, 123.2]))).toBe("123");
  expect(show(spread([]))).toBe("–");
});
