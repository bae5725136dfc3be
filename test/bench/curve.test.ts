import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { at, fitCurve } from "../../bench/results/curve.mts";
import { show, spread } from "../../bench/results/spread.mts";

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

test("a spread is the median with the least and the most, or one figure where they look the same", () => {
  expect(show(spread([3, 1, 2]))).toBe("2.00 (1.00–3.00)");
  expect(show(spread([1, 2]))).toBe("1.50 (1.00–2.00)");
  expect(show(spread([123.4, 123.2]))).toBe("123");
  expect(show(spread([]))).toBe("–");
});
