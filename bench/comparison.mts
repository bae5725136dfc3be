import { settingSize } from "./plan.mts";
import type { Results, Run } from "./results.mts";
import { parallelism, settings } from "./settings.mts";
import { show, spread } from "./spread.mts";
import { markdown } from "./tables.mts";

/** What each setting of the engine makes of the time, against none of them in the same repeat. */
export const settingTable = (results: Results): string => comparison(results, "on", 0, Object.keys(settings));

export const parallelismTable = (results: Results): string => comparison(results, "off", 50, Object.keys(parallelism));

function comparison(results: Results, checkpoints: "on" | "off", latency: number, names: readonly string[]): string {
  const runs = results.runs.filter(
    (run) => run.size === settingSize && run.checkpoints === checkpoints && run.latency === latency,
  );
  const of = (setting: string | undefined) => runs.filter((run) => run.setting === setting);
  const seconds = (setting: string | undefined, operation: "up" | "again") =>
    show(spread(of(setting).flatMap((run) => run.operations[operation]?.seconds ?? [])));
  const against = (setting: string | undefined, operation: "up" | "again") =>
    show(
      spread(
        of(setting).flatMap((run) => {
          const plain = of(undefined).find(({ repeat }: Run) => repeat === run.repeat)?.operations[operation]?.seconds;
          const mine = run.operations[operation]?.seconds;
          return plain === undefined || mine === undefined ? [] : mine / plain;
        }),
      ),
    );
  return markdown(
    ["", "up, s", "÷ none", "up, nothing changed, s", "÷ none"],
    [undefined, ...names].map((setting) => [
      setting ?? "none of them",
      seconds(setting, "up"),
      setting === undefined ? "" : against(setting, "up"),
      seconds(setting, "again"),
      setting === undefined ? "" : against(setting, "again"),
    ]),
  );
}
