import fc from "fast-check";
import { expect, test } from "vitest";
import { newClient } from "../src/api/client.ts";
import { type FaultOptions, type SemanticsOptions, startEmulator } from "../src/emulator/index.ts";
import { type JournalStorage, openJournal } from "../src/lifecycle/journal.ts";
import { organizationLifecycle } from "../src/lifecycle/lifecycle.ts";
import type { State } from "../src/lifecycle/state.ts";
import type { OrganizationArgs } from "../src/schema.ts";
import { unhurried } from "./support/lifecycle.ts";
import { type Saved, smallEngine } from "./support/small-engine.ts";

/**
 * Random programs, random things that happen by hand, random faults and every behaviour that Scalekit's documents leave
 * open, against a model that is only maps. MODEL_RUNS and MODEL_SEED repeat or extend a run.
 */
const runs = Number(process.env["MODEL_RUNS"] ?? 2000);
const seed = Number(process.env["MODEL_SEED"] ?? Date.now() % 2 ** 31);
const shards = 4;

const names = ["ada", "bob", "cyd"] as const;
type Name = (typeof names)[number];
const externalIds = ["A", "B/1", "C %", ".."] as const;

type Step =
  | {
      do: "declare";
      name: Name;
      externalId: string | undefined;
      metadata: Record<string, string> | undefined;
      title: string;
      owns: boolean;
    }
  | { do: "drop"; name: Name }
  | { do: "swap"; a: Name; b: Name }
  | { do: "edit"; name: Name; title: string; metadata: Record<string, string> | undefined; clearExternalId: boolean }
  | { do: "vanish"; name: Name }
  | { do: "foreign"; title: string }
  | { do: "nothing" };

const metadata = fc.option(
  fc.dictionary(fc.constantFrom("tier", "plan", "seats", "cost center"), fc.constantFrom("gold", "iron", "🏢"), {
    maxKeys: 3,
  }),
  { nil: undefined },
);
const title = fc.constantFrom("One", "Two", "Ünïcode 🏢");
const name = fc.constantFrom(...names);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("declare" as const),
      name,
      externalId: fc.option(fc.constantFrom(...externalIds), { nil: undefined }),
      metadata,
      title,
      owns: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop" as const), name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("swap" as const), a: name, b: name }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("edit" as const), name, title, metadata, clearExternalId: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("vanish" as const), name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("foreign" as const), title }) },
  { weight: 1, arbitrary: fc.constant({ do: "nothing" as const }) },
);

const effect: fc.Arbitrary<FaultOptions["effect"]> = fc.oneof(
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constantFrom(400, 401, 403, 408, 409, 429, 500, 502, 503, 504),
  }),
  fc.record({
    kind: fc.constant("status" as const),
    status: fc.constant(429),
    retryAfter: fc.constantFrom<string | number>(0, 1, "soon", -1),
  }),
  fc.record({ kind: fc.constant("cut" as const), when: fc.constantFrom("before" as const, "after" as const) }),
  fc.record({ kind: fc.constant("garbage" as const), status: fc.constantFrom(200, 201, 404, 500, 502) }),
  fc.constant({ kind: "expiredToken" as const }),
);
const fault: fc.Arbitrary<FaultOptions> = fc.record({
  method: fc.constantFrom("GET" as const, "POST" as const, "PATCH" as const, "DELETE" as const),
  skip: fc.nat(2),
  count: fc.integer({ min: 1, max: 3 }),
  effect,
});

const semantics: fc.Arbitrary<SemanticsOptions> = fc.record({
  metadata: fc.constantFrom("replace", "merge"),
  emptyMetadata: fc.constantFrom("clears", "ignored"),
  metadataRemoval: fc.constantFrom("mask", "null", "never"),
  externalIdClear: fc.constantFrom("empty", "null", "mask", "never"),
  duplicate: fc.constantFrom(400 as const, 409 as const),
  deleteMissing: fc.constantFrom(404 as const, 200 as const),
});

const scenario = fc.record({
  semantics,
  rounds: fc.array(
    fc.record({ step, faults: fc.array(fault, { maxLength: 2 }), killed: fc.array(name, { maxLength: 2 }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
});

test.concurrent.each(Array.from({ length: shards }, (_, shard) => seed + shard))(
  "random programs converge, double nothing and touch nothing else (seed %i)",
  async (shardSeed) => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ semantics: options, rounds }) => {
        await using world = await newWorld(options);
        for (const round of rounds) await world.live(round.step, round.faults, round.killed);
      }),
      { numRuns: Math.ceil(runs / shards), seed: shardSeed, endOnFailure: false, interruptAfterTimeLimit: 400_000 },
    );
  },
  450_000,
);

async function newWorld(options: SemanticsOptions) {
  const emulator = await startEmulator({ semantics: options });
  const client = newClient({ environmentUrl: emulator.url, ...emulator.credentials, clock: unhurried });
  const program = new Map<Name, OrganizationArgs>();
  const saved: Saved = new Map();
  const foreign = new Set<string>();
  const journal = inMemory();

  const stored = (id: string | undefined) => emulator.organizations().find((one) => one.id === id);

  const lifecycle = () => organizationLifecycle(client, { journal: openJournal(emulator.url, () => journal) });

  /** One run of the engine is one process of the provider. */
  function process() {
    return smallEngine(lifecycle(), saved);
  }

  async function live(step: Step, faults: FaultOptions[], killed: Name[]) {
    await act(step);
    const declared = new Map(program);
    const others = JSON.stringify(emulator.organizations().filter(({ id }) => foreign.has(id)));

    for (const one of faults) emulator.fail(one);
    await process().refresh();
    const first = await process().up(declared, (resource) => killed.includes(resource as Name));
    for (const failure of first.failures) expect(failure.message).toMatch(/^(Could not|Organization|The )/);
    unique();

    // With the faults over, what failed or was killed converges, unless the server does not let go of something.
    emulator.heal();
    let last = await settle(declared);
    for (let more = 0; more < 3 && last.failures.length > 0; more++) last = await settle(declared);
    unique();
    const stubborn =
      last.failures.every(({ message }) => /did not clear|answered 400/.test(message)) && clearsNothing(options);
    if (!stubborn) expect(last.failures.map(({ message }) => message)).toEqual([]);
    if (last.failures.length === 0) {
      matches(declared);
      const again = await process().up(declared);
      expect(again).toEqual({ failures: [], ops: [] });
    }
    expect(JSON.stringify(emulator.organizations().filter(({ id }) => foreign.has(id)))).toBe(others);
  }

  /** A run as a user would make it: what an error says to do is done. */
  async function settle(declared: Map<Name, OrganizationArgs>) {
    await process().refresh();
    const run = await process().up(declared);
    for (const { message } of run.failures) {
      const [, id] = /It may be (org_\d+), /.exec(message) ?? [];
      if (id === undefined) continue;
      const made = stored(id);
      const owner = [...declared].find(([name, args]) => !saved.has(name) && args.displayName === made?.display_name);
      if (owner === undefined) throw new Error(`nobody asked for ${id}`);
      const { props } = await lifecycle().read(id, {});
      saved.set(owner[0], { id, outs: { ...(props as State), deletionProtection: false } });
    }
    return run;
  }

  async function act(step: Step): Promise<void> {
    switch (step.do) {
      case "declare": {
        const taken = [...program].some(([name, args]) => name !== step.name && args.externalId === step.externalId);
        const externalId = step.externalId !== undefined && taken ? undefined : step.externalId;
        program.set(step.name, {
          // Names tell resources without an external ID apart.
          displayName: `${step.title} ${step.name}`,
          deletionProtection: false,
          ...(externalId === undefined ? {} : { externalId }),
          ...(step.metadata === undefined ? {} : { metadata: step.metadata }),
          ...(step.owns ? {} : { metadataOwnership: "declared" as const }),
        });
        return;
      }
      case "drop":
        program.delete(step.name);
        return;
      case "swap": {
        const [a, b] = [program.get(step.a), program.get(step.b)];
        if (a === undefined || b === undefined || step.a === step.b) return;
        program.set(step.a, withExternalId(a, b.externalId));
        program.set(step.b, withExternalId(b, a.externalId));
        return;
      }
      case "edit": {
        const id = saved.get(step.name)?.id;
        const before = stored(id);
        if (before === undefined) return;
        const patch = {
          displayName: step.title,
          ...(step.metadata === undefined ? {} : { metadata: step.metadata }),
          ...(step.clearExternalId ? { externalId: null } : {}),
        };
        const all = ["plain", "mask", "null"] as const;
        for (const dialect of all) await client.update(before.id, patch, dialect, []).catch(() => {});
        return;
      }
      case "vanish": {
        const id = saved.get(step.name)?.id;
        if (id !== undefined) await client.remove(id);
        return;
      }
      case "foreign":
        foreign.add((await client.create({ displayName: step.title, externalId: `HAND-${foreign.size}` })).id);
        return;
      case "nothing":
    }
  }

  /** Every organization of the program is there as declared, and there are no others but those made by hand. */
  function matches(declared: Map<Name, OrganizationArgs>) {
    const all = emulator.organizations();
    expect(
      all
        .filter(({ id }) => !foreign.has(id))
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...saved.values()].map(({ id }) => id).sort());
    expect([...saved.keys()].sort()).toEqual([...declared.keys()].sort());
    for (const [resource, args] of declared) {
      const live = stored(saved.get(resource)?.id);
      expect(live?.display_name).toBe(args.displayName);
      if (args.externalId !== undefined) expect(live?.external_id).toBe(args.externalId);
      if (args.metadata === undefined) continue;
      if (args.metadataOwnership === "declared") expect(live?.metadata).toMatchObject(args.metadata);
      else expect(live?.metadata).toEqual(args.metadata);
    }
  }

  function unique() {
    const taken = emulator.organizations().flatMap(({ external_id }) => external_id ?? []);
    expect(new Set(taken).size).toBe(taken.length);
  }

  return {
    live,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await emulator.close();
    },
  };
}

const withExternalId = (
  { externalId: _, ...args }: OrganizationArgs,
  externalId: string | undefined,
): OrganizationArgs => (externalId === undefined ? args : { ...args, externalId });

const clearsNothing = ({
  externalIdClear,
  metadata: kept,
  emptyMetadata,
  metadataRemoval,
}: SemanticsOptions): boolean =>
  externalIdClear === "never" || ((kept === "merge" || emptyMetadata === "ignored") && metadataRemoval === "never");

/** A journal's file without the disk. */
function inMemory(): JournalStorage {
  let lines: string[] = [];
  return {
    read: async () => [...lines],
    append: async (line) => void lines.push(line),
    replace: async (kept) => {
      lines = [...kept];
    },
  };
}
