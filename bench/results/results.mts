import { z } from "zod";

/** What the benchmark writes as JSON, and reads back to draw and to fill the documents without measuring again. */

/** Each makes every organization a resource. */
export const providers = ["ours", "native", "naive", "empty"] as const;
export type Provider = (typeof providers)[number];

/** One resource for all organizations, by both providers; and what is measured beside it: see plan/sets.mts. */
export const sets = ["set", "nativeSet"] as const;
export const baselines = ["loop", "stack"] as const;
export const peers = ["alchemy", "opentofu"] as const;

export const contestants = [...providers, ...sets, ...baselines, ...peers] as const;
export type Contestant = (typeof contestants)[number];

/** Those providers that were measured. */
export const measuredIn = ({ runs }: Pick<Results, "runs">): Provider[] =>
  providers.filter((provider) => runs.some((run) => run.provider === provider));

export const operations = ["up", "again", "preview", "refresh", "update", "destroy"] as const;
export type Operation = (typeof operations)[number];

const count = z.int().nonnegative();
const usage = z.strictObject({ cpuSeconds: z.number().nonnegative(), peakBytes: count });

const measured = z.strictObject({
  seconds: z.number().positive(),
  requests: z.strictObject({
    token: count,
    create: count,
    get: count,
    list: count,
    update: count,
    delete: count,
  }),
  engine: usage,
  program: usage,
  provider: usage,
  emulatorCpuSeconds: z.number().nonnegative(),
  /** The peak of the process that held most. */
  largestProcessBytes: count.optional(),
});

const stateBytes = z.strictObject({
  /** Of one organization, all that the state holds of it. */
  whole: count,
  inputsAndOutputs: count,
  /** Of those, what is there besides the declared arguments, which stand in both. */
  added: z.int(),
});

/** What was measured together: one stack, from its first `up` to its end. */
const cell = z.strictObject({
  provider: z.enum(contestants),
  size: z.int().positive(),
  checkpoints: z.enum(["on", "off"]),
  /** Milliseconds that each answer of the API took longer. */
  latency: count,
  /** The name of the engine's special setting, in settings.mts. */
  setting: z.string().optional(),
});

export const resultsSchema = z.strictObject({
  version: z.literal(1),
  machine: z.strictObject({
    processor: z.string(),
    cores: z.int().positive(),
    memoryBytes: count,
    system: z.string(),
    node: z.string(),
    pulumi: z.string(),
  }),
  measuredAt: z.iso.datetime(),
  /** A note with the figures, from whoever measured. */
  note: z.string().optional(),
  runs: z.array(
    cell.extend({
      repeat: z.int().positive(),
      state: stateBytes.optional(),
      operations: z.partialRecord(z.enum(operations), measured),
    }),
  ),
  /** What was not measured, and why. */
  skipped: z.array(
    cell.extend({
      repeat: z.int().positive(),
      operation: z.enum(operations).optional(),
      reason: z.string(),
      /** Left out because of an error, and not because of its time. */
      failed: z.literal(true).optional(),
    }),
  ),
});

export type Cell = z.infer<typeof cell>;
export type Measured = z.infer<typeof measured>;
export type StateBytes = z.infer<typeof stateBytes>;
export type Results = z.infer<typeof resultsSchema>;
export type Run = Results["runs"][number];
