import type { Contestant, Measured, Operation, Results, Run } from "./results.mts";
import { type Spread, spread } from "./spread.mts";

/** The size at which most goals of a set are decided. */
export const goalSize = 10_000;

/** What a set should come to, and what it came to. */
export interface Goal {
  readonly what: string;
  /** The most that it may be. Undefined where it only helps to judge another on a busy machine. */
  readonly atMost: number | undefined;
  readonly unit: "times" | "requests" | "bytes";
  /** Undefined if it was not measured in this run. */
  readonly found: Spread | undefined;
}

export const isMet = ({ found, atMost }: Goal): boolean | undefined =>
  found && atMost !== undefined ? found.median <= atMost : undefined;

const large = 10 * goalSize;

/** Every ratio is taken within one repeat, whose runs followed each other. */
export function goalsOf(results: Results, who: Contestant): Goal[] {
  const runs = (provider: Contestant, size: number) =>
    results.runs.filter((run) => run.provider === provider && run.size === size && run.checkpoints === "on");
  const own = runs(who, goalSize);
  const beside = (run: Run, provider: Contestant) =>
    runs(provider, run.size).find(({ repeat }) => repeat === run.repeat)?.operations;
  const goal = (
    what: string,
    unit: Goal["unit"],
    atMost: number | undefined,
    figures: readonly (number | undefined)[],
  ): Goal => ({
    what,
    unit,
    atMost,
    found: spread(figures.filter((figure) => figure !== undefined)),
  });
  const size = goalSize.toLocaleString("en-US");
  return [
    goal(
      `${size}: \`up\` ÷ (a bare loop of the same creates + an empty stack's \`up\`)`,
      "times",
      1.5,
      own.map((run) =>
        divided(run.operations.up?.seconds, sum(beside(run, "loop")?.up?.seconds, beside(run, "stack")?.up?.seconds)),
      ),
    ),
    goal(
      "the same in processor time, the emulator's included",
      "times",
      undefined,
      own.map((run) =>
        divided(work(run.operations.up), sum(work(beside(run, "loop")?.up), work(beside(run, "stack")?.up))),
      ),
    ),
    goal(
      `${size}: \`up\` without changes ÷ an empty stack's`,
      "times",
      2,
      own.map((run) => divided(run.operations.again?.seconds, beside(run, "stack")?.again?.seconds)),
    ),
    goal(
      "the same in processor time",
      "times",
      undefined,
      own.map((run) => divided(work(run.operations.again), work(beside(run, "stack")?.again))),
    ),
    goal(
      `${size}: requests of a refresh, the token aside`,
      "requests",
      goalSize / 100,
      own.map(({ operations: { refresh } }) => refresh && all(refresh) - refresh.requests.token),
    ),
    goal(`${size}: memory of the largest process`, "bytes", 400 * 2 ** 20, own.map(largest)),
    ...(["up", "again", "refresh"] as const).map((operation) =>
      goal(
        `${large.toLocaleString("en-US")}: \`${operation}\` for each tenant ÷ the same at ${size}`,
        "times",
        1.3,
        runs(who, large).map((run) =>
          divided(perTenant(run, operation), spread(own.flatMap((one) => perTenant(one, operation) ?? []))?.median),
        ),
      ),
    ),
    goal(
      `${large.toLocaleString("en-US")}: memory of the largest process`,
      "bytes",
      2 * 2 ** 30,
      runs(who, large).map(largest),
    ),
  ];
}

const perTenant = (run: Run, operation: Operation): number | undefined => {
  const seconds = run.operations[operation]?.seconds;
  return seconds === undefined ? undefined : seconds / run.size;
};

/** The peak of the process that held most, over all operations. */
export const largest = ({ operations }: Run): number | undefined => {
  const peaks = Object.values(operations).flatMap((one) => one?.largestProcessBytes ?? []);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
};

/** Processor seconds of the engine and of all that it started. */
export const processorSeconds = ({ engine, program, provider }: Measured): number =>
  engine.cpuSeconds + program.cpuSeconds + provider.cpuSeconds;

const work = (one: Measured | undefined): number | undefined => one && processorSeconds(one) + one.emulatorCpuSeconds;

const all = ({ requests }: Measured): number => Object.values(requests).reduce((total, one) => total + one, 0);

const sum = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one + other;

const divided = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || !other ? undefined : one / other;
