import { cpus, release, totalmem, type } from "node:os";
import type { Order } from "../plan/order.mts";
import { forecast, turns } from "../plan/plan.mts";
import { settingOf } from "../plan/settings.mts";
import type { Cell, Operation, Results, Run } from "../results/results.mts";
import { openArena } from "./arena.mts";
import { OutOfTime } from "./command.mts";

export interface MeasuringOptions {
  readonly engine: { readonly bin: string; readonly version: string };
  /** The folder of the other tools, if they are there. */
  readonly peers?: string | undefined;
  /** Seconds that one operation may take, and the most that one is begun for. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** Measures all that is ordered, one after the other. */
export async function measure(orders: readonly Order[], options: MeasuringOptions): Promise<Results> {
  const results: Results = {
    version: 1,
    machine: machine(options.engine.version),
    measuredAt: new Date().toISOString(),
    runs: [],
    skipped: [],
  };
  const work = turns(orders);
  for (const [index, turn] of work.entries()) {
    const { cell, repeat } = turn;
    const say = (line: string) => options.say(`[${index + 1}/${work.length}] ${nameOf(cell)}: ${line}`);
    const expected = forecast(cell, results.runs);
    if (expected > options.timeLimit) {
      const reason = `\`up\` would take some ${Math.ceil(expected / 60)} minutes; --time-limit ${Math.ceil(expected * 2)} allows it`;
      results.skipped.push({ ...cell, repeat, reason });
      say(`left out: ${reason}`);
      continue;
    }
    await measureOne(turn, results, { ...options, say });
  }
  return results;
}

/** A failure is left out like anything that takes too long, so that the rest of half an hour's work is not lost. */
async function measureOne(
  { cell, repeat, operations }: Order & { repeat: number },
  results: Results,
  options: MeasuringOptions,
): Promise<void> {
  const { engine, say, signal } = options;
  const run: Run = { ...cell, repeat, operations: {} };
  let operation: Operation | undefined;
  try {
    const setting = settingOf(cell.checkpoints, cell.setting);
    await using arena = await openArena({ ...options, ...cell, setting, engineBin: engine.bin });
    for (operation of operations) {
      const measured = await arena.run(operation);
      run.operations[operation] = measured;
      say(`${operation} ${measured.seconds.toFixed(1)} s`);
      if (operation === "up" && cell.setting === undefined) {
        const state = await arena.state();
        if (state) run.state = state;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    const { message } = error as Error;
    const failed = error instanceof OutOfTime ? {} : { failed: true as const };
    const reason = message.split("\n")[0] ?? "";
    results.skipped.push({ ...cell, repeat, ...(operation && { operation }), reason, ...failed });
    say(`${operation ?? "stack"} ${message}; the rest of it is left out`);
  }
  if (Object.keys(run.operations).length > 0) results.runs.push(run);
}

const nameOf = ({ provider, size, checkpoints, latency, setting }: Cell): string =>
  [
    provider,
    `${size} organizations`,
    `checkpoints ${checkpoints}`,
    ...(latency > 0 ? [`latency ${latency} ms`] : []),
    ...(setting === undefined ? [] : [setting]),
  ].join(", ");

const machine = (pulumi: string): Results["machine"] => ({
  processor: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: `${type()} ${release()}`,
  node: process.versions.node,
  pulumi,
});
