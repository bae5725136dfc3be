import { settingSize } from "./plan.mts";
import type { Results, Run } from "./results.mts";
import { parallelism, plain, settings } from "./settings.mts";
import { show, spread } from "./spread.mts";
import { markdown } from "./tables.mts";

/** What each setting of the engine makes of the time, against none of them in the same repeat. */
export const settingTable = (results: Results): string => comparison(results, "on", 0, Object.keys(settings));

export const parallelismTable = (results: Results): string => comparison(results, "off", 50, Object.keys(parallelism));

function comparison(results: Results, checkpoints: "on" | "off", latency: number, names: readonly string[]): string {
  const runs = results.runs.filter(
    (run) => run.size === settingSize && run.checkpoints === checkpoints && run.latency === latency,
  );
  return markdown(
    ["", "up, seconds", `÷ ${plain}`],
    names.map((setting) => {
      const mine = runs.filter((run) => run.setting === setting);
      const ratios = mine.flatMap((run) => {
        const other = upOf(runs.find((one) => one.setting === plain && one.repeat === run.repeat));
        return other === 0 ? [] : upOf(run) / other;
      });
      return [setting, show(spread(mine.map(upOf))), setting === plain ? "" : show(spread(ratios))];
    }),
  );
}

const upOf = (run: Run | undefined): number => run?.operations.up?.seconds ?? 0;
