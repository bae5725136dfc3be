import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { isOwned, ownerField } from "../../src/definitions/definition.ts";
import type { FaultOptions, SemanticsOptions } from "../../src/emulator/index.ts";
import { checkArgs } from "../../src/lifecycle/check.ts";
import { type Args, someOrganization, valuesOf } from "../support/samples.ts";
import {
  isKey,
  keyValuesOf,
  newResourceWorld,
  owners,
  type Slot,
  type Step,
  slots,
  tally,
} from "../support/world-of-all.ts";

/**
 * Random programs of every kind of resource below two organizations, random things that happen by hand, random faults and
 * kills, and every behaviour that Scalekit's documents leave open: what model.test.ts is for organizations. Programs are
 * drawn from the definitions, so a new kind is in them by being defined. MODEL_SEED draws others, MODEL_RUNS more.
 */
const runs = Number(process.env["MODEL_RUNS"] ?? 240);
const seed = Number(process.env["MODEL_SEED"] ?? 20_261_125);
const shards = 4;

const owner = fc.constantFrom(...owners);

/** Arguments for a slot, those that are not required left out as often as not, or empty where they may be. */
function argsFor(one: Slot): fc.Arbitrary<Args> {
  const owner = isOwned(one.kind) ? { [ownerField]: someOrganization } : {};
  const fields = Object.entries(one.kind.fields).filter(([name]) => name !== ownerField);
  const model = fields.map(([name, field]) => {
    const values = isKey(one.kind, name) ? keyValuesOf(one, name) : valuesOf(field).slice(0, 3);
    const empty = [[], "", {}].filter((value) => !field.required && field.schema().safeParse(value).success);
    const value = fc.constantFrom(...values, ...empty);
    return [name, field.required ? value : fc.option(value, { nil: undefined })] as const;
  });
  return fc
    .record(Object.fromEntries(model))
    .map((args) => Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined)))
    .filter((args) => checkArgs(one.kind, { ...owner, ...args }).length === 0);
}

/** What happens to one of a few resources, so that much happens to each. */
function stepsOn(few: readonly Slot[]): fc.Arbitrary<Step[]> {
  const one = fc.constantFrom(...few);
  const withArgs = <Does extends string>(does: Does, of = one) =>
    of.chain((slot) => fc.record({ do: fc.constant(does), slot: fc.constant(slot), owner, args: argsFor(slot) }));
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: withArgs("declare") },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("drop"), slot: one }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("rename"), slot: one }) },
    { weight: 4, arbitrary: withArgs("edit") },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("vanish"), slot: one }) },
    { weight: 2, arbitrary: withArgs("squat") },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("lose organization"), owner }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("nothing") }) },
  );
  const first = few.map((slot) => withArgs("declare", fc.constant(slot)));
  const rest = fc.array(step, { minLength: 2, maxLength: 4, size: "max" });
  return fc.tuple(fc.tuple(...first), rest).map(([all, more]) => [...all, ...more]);
}

const steps = fc.subarray([...slots], { minLength: 1, maxLength: 3 }).chain(stepsOn);

const effect: fc.Arbitrary<FaultOptions["effect"]> = fc.oneof(
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(401, 403, 408, 429, 500, 503) }),
  fc.record({ kind: fc.constant("status"), status: fc.constantFrom(500, 502), when: fc.constant("after") }),
  fc.record({ kind: fc.constant("cut"), when: fc.constantFrom("before", "after") }),
  fc.record({ kind: fc.constant("garbage"), status: fc.constantFrom(200, 201, 404, 502) }),
  fc.record({ kind: fc.constant("expiredToken") }),
);
const fault: fc.Arbitrary<FaultOptions> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE"),
  skip: fc.nat(2),
  count: fc.integer({ min: 1, max: 3 }),
  effect,
});

const semantics: fc.Arbitrary<SemanticsOptions> = fc.record({
  emptyFields: fc.constantFrom("ignored", "clears"),
  zeroValues: fc.constantFrom("shown", "omitted"),
  unknownReference: fc.constantFrom(400, 404),
  permissionInUse: fc.constantFrom("removed", "refused"),
  listedRoles: fc.constantFrom("environment", "all"),
  domainVerification: fc.constantFrom("admin", "dns"),
  uniqueDomain: fc.constantFrom("environment", "organization"),
  domainCase: fc.constantFrom("kept", "lowered"),
  sessionPolicy: fc.constantFrom("merge", "replace"),
  sessionPolicyFeature: fc.constantFrom("optional", "required"),
  deleteMissing: fc.constantFrom(404, 200),
  updateTime: fc.constantFrom("always", "changes"),
  order: fc.constantFrom("newest", "oldest"),
});

const scenario = fc.record({
  semantics,
  steps,
  rounds: fc.array(
    fc.record({
      faults: fc.array(fault, { maxLength: 3, size: "max" }),
      killed: fc.subarray([...slots], { maxLength: 8 }),
    }),
    { minLength: 7, maxLength: 7, size: "max" },
  ),
});

test.concurrent.each(Array.from({ length: shards }, (_, shard) => seed + shard))(
  "random programs of every kind converge, double nothing and touch nothing else (seed %i)",
  async (shardSeed) => {
    const property = fc.asyncProperty(scenario, async (drawn) => {
      await using world = await newResourceWorld(drawn.semantics);
      for (const [n, one] of drawn.steps.entries()) {
        const { faults, killed } = drawn.rounds[n] ?? { faults: [], killed: [] };
        await world.round(one, faults, killed);
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(runs / shards), seed: shardSeed });
  },
  900_000,
);

afterAll(() => {
  console.log(`model of every kind: ${JSON.stringify(tally)}`);
  // No idle run: every kind of thing that the properties are about has happened.
  if (runs >= 240) for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
});
