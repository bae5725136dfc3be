import { readFile, writeFile } from "node:fs/promises";
import { settingSize } from "../plan/plan.mts";
import { operations, type Results, type Run } from "../results/results.mts";
import { show } from "../results/spread.mts";
import { parallelismTable, settingTable } from "./comparison.mts";
import { curveOf, expected, growthTable, sizesOf } from "./growth.mts";
import { goalTable, millionTable, peerTable, setTables } from "./sets.mts";
import {
  type Conditions,
  costTable,
  count,
  figures,
  leftOut,
  machineLine,
  ratio,
  requestTable,
  stateTable,
  timeTable,
} from "./tables.mts";

/**
 * Puts what was measured between the markers of a document: `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. So no figure
 * in it is written by hand.
 */
export async function fillDocument(file: string, results: Results): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(file, filled(text, results));
}

export function filled(text: string, results: Results): string {
  return text.replaceAll(/(<!-- bench:(\w+) -->\n)[\s\S]*?(<!-- \/bench:\2 -->)/g, (_, begin, name, end) => {
    const write = parts[name];
    if (write === undefined) throw new Error(`there is nothing named ${name}, only ${Object.keys(parts).join(", ")}`);
    return `${begin}${write(results)}${end}`;
  });
}

const parts: Readonly<Record<string, (results: Results) => string>> = {
  machine: (results) => `${machineLine(results)}\n${leftOut(results) || "Nothing was left out for taking too long.\n"}`,
  side: (results) =>
    [
      `${count(main(results).size)} organizations, checkpoints on:\n`,
      timeTable(results, main(results), shown),
      requestTable(results, main(results), shown),
      stateTable(results, main(results)),
      costTable(results, main(results)),
    ].join("\n"),
  fast: (results) => {
    const conditions = largest(results, "off");
    const title = `${count(conditions.size)} organizations, checkpoints off:\n`;
    return [title, timeTable(results, conditions), costTable(results, conditions)].join("\n");
  },
  latency: (results) =>
    sizesOf(results, "off", 50).length === 0
      ? notMeasured
      : timeTable(results, largest(results, "off", 50), ["up", "refresh"]),
  growth: (results) => growthTable(results, "up"),
  hours: (results) =>
    `The curve is fitted to the medians; k is a thousand. Ten thousand in one stack would take ${tenThousand(results, "on")} with checkpoints on, and ${tenThousand(results, "off")} with checkpoints off.\n`,
  settings: (results) => `${count(settingSize)} organizations, checkpoints on:\n\n${settingTable(results)}`,
  parallelism: (results) =>
    `${count(settingSize)} organizations, checkpoints off, 50 ms added to each answer:\n\n${parallelismTable(results)}`,
  sets: setTables,
  goals: goalTable,
  million: millionTable,
  peers: peerTable,
  readme: ratios,
};

const notMeasured = "Not measured this time.\n";

/** A preview takes as long as the run that finds nothing to do. */
const shown = operations.filter((operation) => operation !== "preview");

/** The main ratios, for the README. */
function ratios(results: Results): string {
  const conditions = main(results);
  const seconds = (run: Run) => run.operations.up?.seconds;
  const reads = (run: Run) =>
    Object.values(run.operations.refresh?.requests ?? {}).reduce<number>((sum, one) => sum + one, 0) || undefined;
  const bytes = (provider: "ours" | "naive") =>
    show(
      figures(results, provider, conditions, (run) => run.state?.whole),
      count,
    );
  const times = (of: (run: Run) => number | undefined) => show(ratio(results, "naive", "ours", conditions, of));
  return `At ${count(conditions.size)} organizations a naive dynamic provider takes ${times(seconds)} times as long to create them, and
${times(reads)} times as many requests to refresh them; an organization has ${bytes("naive")} bytes of state there, and ${bytes("ours")} here.
The engine with a provider that does nothing takes ${show(ratio(results, "empty", "ours", conditions, seconds))} of this one's time.
`;
}

/** The size that decides: the largest that all three were measured at with checkpoints on. */
const main = (results: Results): Conditions => largest(results, "on");

function largest(results: Results, checkpoints: "on" | "off", latency = 0): Conditions {
  const size = sizesOf(results, checkpoints, latency).at(-1) ?? 0;
  return { size, checkpoints, latency };
}

function tenThousand(results: Results, checkpoints: "on" | "off"): string {
  const curve = curveOf(results, "ours", checkpoints, "up");
  return curve === undefined ? "–" : expected(curve, 10_000);
}
