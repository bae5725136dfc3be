import { curveOf, expected } from "./growth.mts";
import type { Provider, Results } from "./results.mts";
import { type Costs, change, compare, load, naive, type Outcome, ours, refresh, type World } from "./simulation.mts";
import { count, markdown } from "./tables.mts";

export interface OutlookOptions {
  readonly organizations: readonly number[];
  readonly perStack: readonly number[];
  readonly requestsPerMinute: readonly number[];
  readonly runners: readonly number[];
}

export interface Outlook extends World {
  readonly provider: Provider;
  readonly checkpoints: "on" | "off";
  readonly load: Outcome;
  readonly change: Outcome;
  readonly refresh: Outcome;
  /** Only this provider's package has it. */
  readonly compare?: Outcome;
}

/** What the simulation says of all combinations, with the engine as it was measured. */
export const outlook = (results: Results, options: OutlookOptions): Outlook[] =>
  worlds(options).flatMap((world) =>
    (["on", "off"] as const).flatMap((checkpoints) =>
      (["ours", "naive"] as const).flatMap((provider) => {
        const costs = costsOf(results, provider, checkpoints);
        if (costs === undefined) return [];
        const manners = provider === "ours" ? ours : naive;
        return {
          ...world,
          provider,
          checkpoints,
          load: load(world, costs, manners),
          change: change(world, costs, manners),
          refresh: refresh(world, costs, manners),
          ...(provider === "ours" && { compare: compare(world) }),
        };
      }),
    ),
  );

export const outlookTable = (rows: readonly Outlook[]): string =>
  markdown(
    [
      "stacks of",
      "checkpoints",
      "a minute",
      "runners",
      "",
      "first load",
      "1 % changed",
      "refresh of all",
      "`drift` of all",
    ],
    rows.map((row) => [
      count(row.perStack),
      row.checkpoints,
      count(row.requestsPerMinute),
      String(row.runners),
      row.provider,
      ...[row.load, row.change, row.refresh, row.compare].map((one) => (one === undefined ? "–" : shown(one))),
    ]),
  );

/** The time, what it waits for, and the requests. */
const shown = ({ hours, bound, requests }: Outcome): string =>
  `${duration(hours)}${bound === "engine" ? "*" : ""}, ${count(requests)}`;

const duration = (hours: number): string =>
  hours >= 48 ? `${(hours / 24).toFixed(1)} days` : expected({ start: hours * 3600, perOne: 0, perPair: 0 }, 0);

function costsOf(results: Results, provider: Provider, checkpoints: "on" | "off"): Costs | undefined {
  const [up, update, again] = (["up", "update", "refresh"] as const).map((operation) =>
    curveOf(results, provider, checkpoints, operation),
  );
  return up && update && again && { up, update, refresh: again };
}

const worlds = (options: OutlookOptions): World[] =>
  options.organizations.flatMap((organizations) =>
    options.perStack.flatMap((perStack) =>
      options.requestsPerMinute.flatMap((requestsPerMinute) =>
        options.runners.map((runners) => ({ organizations, perStack, requestsPerMinute, runners })),
      ),
    ),
  );
