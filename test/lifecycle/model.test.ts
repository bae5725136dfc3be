import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { FaultOptions, SemanticsOptions } from "../../src/emulator/index.ts";
import { type BusyRefresh, names, newWorld, type Step, tally } from "../support/model-world.ts";

/**
 * Random programs, random things that happen by hand, random faults and kills, and every behaviour that Scalekit's
 * documents leave open, through the lifecycle over real HTTP. A failure prints its seed and the smallest case that
 * fails. The same programs run each time; MODEL_SEED draws others, MODEL_RUNS more of them, and `npm run soak` does both.
 */
const runs = Number(process.env["MODEL_RUNS"] ?? 2000);
const seed = Number(process.env["MODEL_SEED"] ?? 20_261_124);
const shards = 4;

const externalId = fc.constantFrom("A", "B/1", "C %", "..");
const metadata = fc.dictionary(fc.constantFrom("tier", "plan", "seats", "cost center"), fc.constantFrom("gold", "🏢"), {
  maxKeys: 3,
});
const displayName = fc.constantFrom("One", "Two", "Ünïcode 🏢");
const name = fc.constantFrom(...names);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Left out more often than not, so that programs stay simple enough to fail for one reason. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 });
const features = fc.dictionary(fc.constantFrom("sso", "dirSync", "sessionPolicy"), fc.boolean(), { maxKeys: 2 });

const args = fc
  .record({
    displayName,
    externalId: maybe(externalId),
    metadata: maybe(metadata),
    slug: seldom(fc.constantFrom("acme", "eu.acme")),
    logoUrl: seldom(fc.constantFrom("https://cdn.example.com/1", "https://cdn.example.com/2")),
    features: maybe(features),
    metadataOwnership: fc.constantFrom("declared" as const, undefined),
  })
  .map(
    (values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as typeof values,
  );

const edit = fc.record({
  do: fc.constant("edit" as const),
  name,
  displayName,
  metadata: maybe(metadata),
  features,
  clears: fc.boolean(),
});
const vanish = fc.record({ do: fc.constant("vanish" as const), name });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant("declare"), name, args }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop"), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("swap"), a: name, b: name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("rename"), a: name, b: name }) },
  { weight: 5, arbitrary: edit },
  { weight: 1, arbitrary: vanish },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("squat"), externalId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("nothing") }) },
);

const effect: fc.Arbitrary<FaultOptions["effect"]> = fc.oneof(
  fc.record({
    kind: fc.constant("status"),
    status: fc.constantFrom(400, 401, 403, 408, 409, 429, 500, 502, 503, 504),
  }),
  fc.record({
    kind: fc.constant("status"),
    status: fc.constant(429),
    retryAfter: fc.constantFrom<string | number>(0, 1, "soon", -1),
  }),
  fc.record({ kind: fc.constant("cut"), when: fc.constantFrom("before", "after") }),
  fc.record({ kind: fc.constant("garbage"), status: fc.constantFrom(200, 201, 404, 500, 502) }),
  fc.record({ kind: fc.constant("expiredToken") }),
);
const fault: fc.Arbitrary<FaultOptions> = fc.record({
  method: fc.constantFrom("GET", "POST", "PATCH", "DELETE"),
  skip: fc.nat(2),
  count: fc.integer({ min: 1, max: 3 }),
  effect,
});

/** A refresh asks by GET only, so that no fault hits what is done by hand meanwhile. */
const busy: fc.Arbitrary<BusyRefresh> = fc.record({
  hands: fc.array(fc.oneof({ weight: 3, arbitrary: edit }, { weight: 1, arbitrary: vanish }), { maxLength: 4 }),
  faults: fc.array(
    fault.map((one) => ({ ...one, method: "GET" as const })),
    { maxLength: 1 },
  ),
});

const semantics: fc.Arbitrary<SemanticsOptions> = fc.record({
  metadata: fc.constantFrom("replace", "merge"),
  emptyMetadata: fc.constantFrom("clears", "ignored"),
  metadataRemoval: fc.constantFrom("mask", "null", "never"),
  externalIdClear: fc.constantFrom("empty", "null", "mask", "never"),
  duplicate: fc.constantFrom(400, 409),
  deleteMissing: fc.constantFrom(404, 200),
  encodedSlash: fc.constantFrom("kept", "separates"),
  updateTime: fc.constantFrom("always", "changes"),
  order: fc.constantFrom("newest", "oldest"),
  settings: fc.constantFrom("merge", "replace"),
  logoUrlClear: fc.constantFrom("empty", "null", "mask", "never"),
  listSettings: fc.constantFrom("shown", "absent"),
  totalSize: fc.constantFrom("all", "page", "absent"),
  pageToken: fc.constantFrom("cursor", "offset"),
  pageSize: fc.record({ max: fc.constantFrom(1, 2, 100) }),
});

const scenario = fc.record({
  semantics,
  rounds: fc.array(
    fc.record({
      step,
      busy,
      faults: fc.array(fault, { maxLength: 3, size: "max" }),
      killed: fc.array(name, { maxLength: 1, size: "max" }),
      forgotten: fc.array(name, { maxLength: 1 }),
    }),
    { minLength: 2, maxLength: 6, size: "max" },
  ),
});

test.concurrent.each(Array.from({ length: shards }, (_, shard) => seed + shard))(
  "random programs converge, double nothing and touch nothing else (seed %i)",
  async (shardSeed) => {
    const property = fc.asyncProperty(scenario, async (drawn) => {
      await using world = await newWorld(drawn.semantics);
      for (const round of drawn.rounds) await world.live(round);
    });
    await fc.assert(property, { numRuns: Math.ceil(runs / shards), seed: shardSeed });
  },
  900_000,
);

afterAll(() => {
  console.log(`model: ${JSON.stringify(tally)}`);
  // No idle run: every kind of thing that the properties are about has happened.
  if (runs >= 500) for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});
