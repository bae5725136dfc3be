import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { FaultOptions, SemanticsOptions } from "../../src/emulator/index.ts";
import { lineOf } from "../../src/set/line.ts";
import { newSetWorld, type Round, type Step, tally } from "../support/set-model.ts";

/**
 * Random lists of tenants, random things that happen by hand, random faults, stops and kills, through a set over real HTTP. A
 * failure prints its seed and the smallest case that fails. MODEL_SEED draws others, MODEL_RUNS more of them.
 */
const runs = Math.ceil(Number(process.env["MODEL_RUNS"] ?? 2000) / 8);
const seed = Number(process.env["MODEL_SEED"] ?? 20_261_127);

const keys = ["A", "B/1", "C %", "D,d"];
const key = fc.constantFrom(...keys);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const args = fc
  .record({
    displayName: fc.constantFrom("One", "Two", 'Ünïcode, "quoted" 🏢'),
    metadata: maybe(
      fc.dictionary(fc.constantFrom("tier", "cost center"), fc.constantFrom("gold", "a=b,c"), { maxKeys: 2 }),
    ),
    logoUrl: fc.option(fc.constantFrom("https://cdn.example.com/1"), { nil: undefined, freq: 1 }),
    features: fc.option(fc.dictionary(fc.constantFrom("sso", "dirSync"), fc.boolean(), { maxKeys: 2 }), {
      nil: undefined,
      freq: 1,
    }),
  })
  .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("declare" as const), key, args }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop" as const), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("rename" as const), from: key, to: key }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      key,
      displayName: fc.constantFrom("By hand", "One"),
      moves: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("vanish" as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("squat" as const), key }) },
);

const effect: fc.Arbitrary<FaultOptions["effect"]> = fc.oneof(
  fc.record({ kind: fc.constant("status" as const), status: fc.constantFrom(400, 403, 409, 429, 500, 502, 503) }),
  fc.record({ kind: fc.constant("cut" as const), when: fc.constantFrom("before" as const, "after" as const) }),
  fc.record({ kind: fc.constant("garbage" as const), status: fc.constantFrom(200, 502) }),
);
const fault: fc.Arbitrary<FaultOptions> = fc.record({
  method: fc.constantFrom("GET" as const, "POST" as const, "PATCH" as const, "DELETE" as const),
  skip: fc.nat(2),
  count: fc.integer({ min: 1, max: 8 }),
  effect,
});

const semantics: fc.Arbitrary<SemanticsOptions> = fc.record({
  metadata: fc.constantFrom("replace", "merge"),
  emptyMetadata: fc.constantFrom("clears", "ignored"),
  metadataRemoval: fc.constantFrom("mask", "null"),
  duplicate: fc.constantFrom(400, 409),
  updateTime: fc.constantFrom("always", "changes"),
  order: fc.constantFrom("newest", "oldest"),
  settings: fc.constantFrom("merge", "replace"),
  listSettings: fc.constantFrom("shown", "absent"),
  totalSize: fc.constantFrom("all", "page", "absent"),
  pageSize: fc.record({ max: fc.constantFrom(1, 2, 100) }),
});

const round: fc.Arbitrary<Round> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 2 }),
  ends: fc.option(fc.constantFrom("killed" as const, "stopped" as const), { nil: undefined, freq: 2 }),
  refreshes: fc.boolean(),
});

test("random lists converge, double nothing, lose nothing and touch nothing else", async () => {
  const property = fc.asyncProperty(
    semantics,
    fc.array(round, { minLength: 2, maxLength: 5, size: "max" }),
    async (drawn, rounds) => {
      await using world = await newSetWorld(drawn);
      for (const one of rounds) await world.live(one);
    },
  );
  await fc.assert(property, { numRuns: runs, seed });
}, 900_000);

afterAll(() => {
  console.log(`sets: ${JSON.stringify(tally)}`);
  // No idle run: every kind of thing that the property is about has happened.
  if (runs >= 200) for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});

test("a key with a comma is a cell in quotes", () => {
  expect(lineOf("D,d", { externalId: "D,d", displayName: "x" })).toBe('"D,d",x');
});
