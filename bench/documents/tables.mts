import { type Contestant, type Operation, operations, providers, type Results, type Run } from "../results/results.mts";
import { digits, type Spread, show, spread } from "../results/spread.mts";

/** What was measured under the same conditions, so that it may stand side by side. */
export interface Conditions {
  readonly size: number;
  readonly checkpoints: "on" | "off";
  readonly latency: number;
}

/** The runs of one provider under some conditions, with no special setting of the engine. */
export const runsOf = (results: Results, provider: Contestant, conditions: Conditions): Run[] =>
  results.runs.filter(
    (run) =>
      run.provider === provider &&
      run.setting === undefined &&
      run.size === conditions.size &&
      run.checkpoints === conditions.checkpoints &&
      run.latency === conditions.latency,
  );

/** All tables, under the conditions they hold for, as Markdown. */
export function allTables(results: Results): string {
  const conditions = new Map(
    results.runs
      .filter(({ setting, provider }) => setting === undefined && isOneOf(providers, provider))
      .map(({ size, checkpoints, latency }) => [`${checkpoints} ${latency} ${size}`, { size, checkpoints, latency }]),
  );
  const parts = [...conditions.values()].map((one) =>
    [
      heading(one),
      timeTable(results, one),
      requestTable(results, one),
      stateTable(results, one),
      costTable(results, one, ["up", "again", "refresh"]),
    ].join("\n"),
  );
  return [machineLine(results), ...parts, leftOut(results)].filter(Boolean).join("\n");
}

export const machineLine = ({ machine, measuredAt, note }: Results): string =>
  `Measured ${measuredAt.slice(0, 10)} with Pulumi ${machine.pulumi}, Node.js ${machine.node} and the file backend on ${machine.cores} cores (${machine.processor}), ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB. Medians; in brackets the least and the most.${note === undefined ? "" : ` **${note}**`}\n`;

const heading = ({ size, checkpoints, latency }: Conditions): string =>
  `${count(size)} organizations, checkpoints ${checkpoints}${latency > 0 ? `, ${latency} ms added to each answer` : ""}:\n`;

/** Wall time. A ratio is taken within each repeat, whose runs followed each other. */
export function timeTable(
  results: Results,
  conditions: Conditions,
  rows: readonly Operation[] = operationsIn(results, conditions),
  present: readonly Contestant[] = presentIn(results, conditions),
): string {
  const seconds = (operation: Operation) => (run: Run) => run.operations[operation]?.seconds;
  const pairs = ratioPairs.filter(([over, under]) => present.includes(over) && present.includes(under));
  return markdown(
    ["seconds", ...present, ...pairs.map(([over, under]) => `${over} ÷ ${under}`)],
    rows.map((operation) => [
      label[operation],
      ...present.map((provider) => show(figures(results, provider, conditions, seconds(operation)))),
      ...pairs.map(([over, under]) => show(ratio(results, over, under, conditions, seconds(operation)))),
    ]),
  );
}

const ratioPairs: readonly (readonly [Contestant, Contestant])[] = [
  ["naive", "ours"],
  ["native", "ours"],
  ["ours", "empty"],
  ["ours", "set"],
];

/** What the API is asked. */
export function requestTable(
  results: Results,
  conditions: Conditions,
  rows: readonly Operation[] = operationsIn(results, conditions),
  present: readonly Contestant[] = presentIn(results, conditions).filter((provider) => provider !== "empty"),
): string {
  const asked = (provider: Contestant, operation: Operation): string => {
    const requests = runsOf(results, provider, conditions)[0]?.operations[operation]?.requests;
    if (requests === undefined) return "–";
    const kinds = Object.entries(requests).filter(([, number]) => number > 0);
    return kinds.map(([kind, number]) => `${count(number)} ${kind}`).join(", ") || "none";
  };
  return markdown(
    ["requests", ...present],
    rows.map((operation) => [label[operation], ...present.map((provider) => asked(provider, operation))]),
  );
}

/** What the state holds. */
export function stateTable(results: Results, conditions: Conditions): string {
  const present = presentIn(results, conditions);
  const row = (what: string, of: (run: Run) => number | undefined) => [
    what,
    ...present.map((provider) => show(figures(results, provider, conditions, of), count)),
  ];
  return markdown(
    ["bytes of state an organization", ...present],
    [
      row("all", ({ state }) => state?.whole),
      row("of that, inputs and outputs", ({ state }) => state?.inputsAndOutputs),
      row("of that, besides the declared arguments", ({ state }) => state?.added),
    ],
  );
}

/** Processor time and memory of each part. */
export function costTable(results: Results, conditions: Conditions, operations: readonly Operation[] = ["up"]): string {
  const present = presentIn(results, conditions);
  const rows = operations.flatMap((operation) =>
    (["engine", "program", "provider"] as const).map((role) => [
      `${label[operation]}: ${role}`,
      ...present.map((provider) => {
        const used = (of: "cpuSeconds" | "peakBytes") =>
          figures(results, provider, conditions, (run) => run.operations[operation]?.[role][of])?.median;
        const [seconds, bytes] = [used("cpuSeconds"), used("peakBytes")];
        return seconds === undefined || bytes === undefined || bytes === 0
          ? "–"
          : `${digits(seconds)} s, ${count(Math.round(bytes / 2 ** 20))} MiB`;
      }),
    ]),
  );
  return markdown(
    ["processor time, peak memory", ...present],
    rows.filter((row) => row.slice(1).some((cell) => cell !== "–")),
  );
}

/** What was not measured, each reason once. */
export function leftOut({ skipped }: Results): string {
  const lines = skipped.map(
    ({ provider, operation, reason, setting, failed, ...conditions }) =>
      `- ${failed ? "Failed" : "Left out"}: ${[
        provider,
        heading(conditions).replace(":\n", ""),
        ...(setting === undefined ? [] : [setting]),
        ...(operation === undefined ? [] : [`from ${operation} on`]),
      ].join(", ")}: ${reason.replace(/\.?$/, ".")}\n`,
  );
  return [...new Set(lines)].join("");
}

/** What a figure is of a provider's runs. */
export function figures(
  results: Results,
  provider: Contestant,
  conditions: Conditions,
  of: (run: Run) => number | undefined,
): Spread | undefined {
  return spread(runsOf(results, provider, conditions).flatMap((run) => of(run) ?? []));
}

/** How many times one is of the other, within each repeat. */
export function ratio(
  results: Results,
  over: Contestant,
  under: Contestant,
  conditions: Conditions,
  of: (run: Run) => number | undefined,
): Spread | undefined {
  const others = runsOf(results, under, conditions);
  return spread(
    runsOf(results, over, conditions).flatMap((run) => {
      const [numerator, other] = [of(run), others.find(({ repeat }) => repeat === run.repeat)];
      const denominator = other && of(other);
      return numerator === undefined || !denominator ? [] : numerator / denominator;
    }),
  );
}

export const label: Readonly<Record<Operation, string>> = {
  up: "up",
  again: "up, nothing changed",
  preview: "preview, nothing changed",
  refresh: "refresh",
  update: "up, 1 % changed",
  destroy: "destroy",
};

export function markdown(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  return [line(headings), line(headings.map((_, column) => (column === 0 ? "---" : "--:"))), ...rows.map(line)].join(
    "",
  );
}

/** `12,345`. */
export const count = (figure: number): string => figure.toLocaleString("en-US");

const isOneOf = (some: readonly string[], one: string): boolean => some.includes(one);

const presentIn = (results: Results, conditions: Conditions): Contestant[] =>
  providers.filter((provider) => runsOf(results, provider, conditions).length > 0);

const operationsIn = (results: Results, conditions: Conditions): Operation[] =>
  operations.filter((operation) =>
    providers.some((provider) => runsOf(results, provider, conditions).some((run) => run.operations[operation])),
  );
