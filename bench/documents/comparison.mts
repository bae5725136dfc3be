import { settingSize } from "../plan/plan.mts";
import { parallelism, plain, settings } from "../plan/settings.mts";
import type { Operation, Results, Run } from "../results/results.mts";
import { show, spread } from "../results/spread.mts";
import { label, markdown } from "./tables.mts";

/** What each setting of the engine makes of the time, against none of them in the same repeat. */
export const settingTable = (results: Results): string => comparison(results, "on", 0, Object.keys(settings));

export const parallelismTable = (results: Results): string => comparison(results, "off", 50, Object.keys(parallelism));

function comparison(results: Results, checkpoints: "on" | "off", latency: number, names: readonly string[]): string {
  const runs = results.runs.filter(
    (run) => run.size === settingSize && run.checkpoints === checkpoints && run.latency === latency,
  );
  if (runs.every(({ setting }) => setting === undefined)) return "Not measured this time.\n";
  const columns = (["up", "again"] as const).filter((operation) => runs.some((run) => run.operations[operation]));
  return markdown(
    ["", ...columns.flatMap((operation) => [`${label[operation]}, seconds`, `÷ ${plain}`])],
    names.map((setting) => [setting, ...columns.flatMap((operation) => cells(runs, setting, operation))]),
  );
}

function cells(runs: readonly Run[], setting: string, operation: Operation): string[] {
  const seconds = (run: Run | undefined) => run?.operations[operation]?.seconds;
  const mine = runs.filter((run) => run.setting === setting);
  const ratios = mine.flatMap((run) => {
    const own = seconds(run);
    const other = seconds(runs.find((one) => one.setting === plain && one.repeat === run.repeat));
    return own === undefined || other === undefined ? [] : own / other;
  });
  return [show(spread(mine.flatMap((run) => seconds(run) ?? []))), setting === plain ? "" : show(spread(ratios))];
}
