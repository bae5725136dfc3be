import { expect, test } from "vitest";
import { readYaml } from "../../src/tenants/yaml.ts";

const size = 4000;
const listOf = (metadata: (n: number) => string): string =>
  Array.from({ length: size }, (_, n) => `- { externalId: C-${n}, displayName: B, metadata: ${metadata(n)} }\n`).join(
    "",
  );

const plain = listOf(() => "{ tier: gold, plan: annual }");

/** The fastest of some readings, in milliseconds: what else a machine does makes one slower, and none faster. */
function timeOf(text: string): number {
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now();
    expect(readYaml(text)).toMatchObject({ rows: { length: size }, problems: [] });
    return performance.now() - start;
  });
  return Math.min(...times);
}

// Looking through the whole file for each alias took 200 times as long as the plain rows at this size.
test.each([
  ["an alias", listOf((n) => (n === 0 ? "&g { tier: gold, plan: annual }" : "*g"))],
  ["a merge", listOf((n) => (n === 0 ? "&g { tier: gold, plan: annual }" : "{ <<: *g, plan: monthly }"))],
  ["an anchor and an alias", listOf((n) => (n === 0 ? "&g0 { tier: gold }" : `&g${n} { <<: *g0, plan: monthly }`))],
])("thousands of rows with %s each are read about as fast as plain ones", { timeout: 120_000 }, (_, text) => {
  expect(timeOf(text)).toBeLessThan(20 * timeOf(plain));
});

test("tens of thousands of keys in place of a list are reported about as fast as rows are read", {
  timeout: 120_000,
}, () => {
  const keys = Array.from({ length: 60_000 }, (_, n) => `C-${n}: B\n`).join("");
  const start = performance.now();
  expect(readYaml(keys).problems).toEqual([{ reason: "must be a list of tenants" }]);
  expect(performance.now() - start).toBeLessThan(100 * timeOf(plain));
});
