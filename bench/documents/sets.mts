import { at, fitCurve } from "../results/curve.mts";
import { type Goal, goalsOf, isMet, processorSeconds } from "../results/goals.mts";
import {
  type Contestant,
  contestants,
  type Measured,
  type Operation,
  type Results,
  sets,
} from "../results/results.mts";
import { digits, show, spread } from "../results/spread.mts";
import { type Conditions, count, figures, label, markdown, requestTable, runsOf, timeTable } from "./tables.mts";

const notMeasured = "Not measured this time.\n";

const setSizesOf = (results: Results): number[] =>
  [...new Set(results.runs.filter(({ provider }) => provider === "set").map(({ size }) => size))].toSorted(
    (a, b) => a - b,
  );

const conditionsOf = (size: number): Conditions => ({ size, checkpoints: "on", latency: 0 });

/** Who was measured beside a set of this size. */
const presentIn = (results: Results, conditions: Conditions, who: readonly Contestant[]): Contestant[] =>
  who.filter((one) => runsOf(results, one, conditions).length > 0);

const rows: readonly Operation[] = ["up", "again", "refresh", "update"];

/** Everything that was measured of sets, a size after the other. */
export function setTables(results: Results): string {
  const sizes = setSizesOf(results);
  if (sizes.length === 0) return notMeasured;
  return sizes.map((size) => [`${count(size)} organizations:\n`, ...tablesOf(results, size)].join("\n")).join("\n");
}

const withoutPeers = contestants.filter((one) => one !== "alchemy" && one !== "opentofu");

function tablesOf(results: Results, size: number): string[] {
  const conditions = conditionsOf(size);
  const who = presentIn(results, conditions, withoutPeers);
  const senders = who.filter((one) => one !== "empty" && one !== "stack");
  return [
    timeTable(results, conditions, rows, who),
    processorTable(results, conditions, who),
    requestTable(results, conditions, rows, senders),
    stateLine(results, conditions, who),
  ];
}

function processorTable(results: Results, conditions: Conditions, who: readonly Contestant[]): string {
  const shown = (one: Measured | undefined): string =>
    one === undefined ? "–" : `${digits(processorSeconds(one))} s, ${mebibytes(one.largestProcessBytes ?? 0)}`;
  return markdown(
    ["processor time, largest process", ...who],
    rows.map((operation) => [
      label[operation],
      ...who.map((one) => shown(runsOf(results, one, conditions)[0]?.operations[operation])),
    ]),
  );
}

function stateLine(results: Results, conditions: Conditions, who: readonly Contestant[]): string {
  const bytes = who.flatMap((one) => {
    const whole = figures(results, one, conditions, (run) => run.state?.whole);
    return whole === undefined ? [] : `${one} ${show(whole, count)}`;
  });
  return `Bytes of state an organization: ${bytes.join(", ")}.\n`;
}

/** What a set should come to, and what it came to. */
export function goalTable(results: Results): string {
  const who = sets.filter((one) => results.runs.some(({ provider }) => provider === one));
  if (who.length === 0) return notMeasured;
  const goals = who.map((one) => goalsOf(results, one));
  return markdown(
    ["goal", "at most", ...who],
    (goals[0] ?? []).map((first, index) => [
      first.what,
      first.atMost === undefined ? "" : inUnit(first, first.atMost),
      ...goals.map((column) => outcome(column[index])),
    ]),
  );
}

function outcome(goal: Goal | undefined): string {
  if (goal?.found === undefined) return "–";
  const shown = show(goal.found, (figure) => inUnit(goal, figure));
  return isMet(goal) === false ? `**${shown}, missed**` : shown;
}

const inUnit = ({ unit }: Goal, figure: number): string =>
  unit === "bytes" ? mebibytes(figure) : unit === "requests" ? count(figure) : digits(figure);

const mebibytes = (bytes: number): string => `${count(Math.round(bytes / 2 ** 20))} MiB`;

/** A million tenants, from what was measured of fewer. */
export function millionTable(results: Results): string {
  const million = 1_000_000;
  const medians = (of: (operation: Operation) => (run: Results["runs"][number]) => number | undefined) =>
    (["up", "again", "refresh"] as const).map((operation) => {
      const points = setSizesOf(results).flatMap((size) => {
        const seconds = spread(runsOf(results, "set", conditionsOf(size)).flatMap((run) => of(operation)(run) ?? []));
        return seconds === undefined ? [] : { size, seconds: seconds.median };
      });
      const curve = points.length < 2 ? undefined : fitCurve(points);
      return curve === undefined ? undefined : at(curve, million);
    });
  const wall = medians((operation) => (run) => run.operations[operation]?.seconds);
  if (wall.every((one) => one === undefined)) return notMeasured;
  const processor = medians(
    (operation) =>
      ({ operations: { [operation]: one } }) =>
        one && processorSeconds(one),
  );
  const memory = medians(
    (operation) =>
      ({ operations: { [operation]: one } }) =>
        one?.largestProcessBytes,
  );
  const minutes = (seconds: number | undefined) => (seconds === undefined ? "–" : `${digits(seconds / 60)} min`);
  return markdown(
    ["a million tenants, from the curve", "time, the API's own aside", "processor time", "largest process"],
    (["up", "again", "refresh"] as const).map((operation, index) => [
      label[operation],
      minutes(wall[index]),
      minutes(processor[index]),
      memory[index] === undefined ? "–" : mebibytes(memory[index]),
    ]),
  );
}

/** What users would pick instead, in the same minutes against the same kind of server. */
export function peerTable(results: Results): string {
  const size = setSizesOf(results).find(
    (one) => presentIn(results, conditionsOf(one), ["alchemy", "opentofu"]).length > 0,
  );
  if (size === undefined) return notMeasured;
  const conditions = conditionsOf(size);
  const who = presentIn(results, conditions, ["set", "nativeSet", "ours", "opentofu", "alchemy"]);
  const done: readonly Operation[] = ["up", "again", "refresh"];
  return [
    `${count(size)} organizations:\n`,
    timeTable(results, conditions, done, who),
    requestTable(results, conditions, done, who),
    processorTable(results, conditions, who),
  ].join("\n");
}
