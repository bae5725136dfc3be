import { type Cell, type Contestant, type Operation, operations, providers, type Run } from "../results/results.mts";
import type { Order } from "./order.mts";
import { parallelism, settings } from "./settings.mts";

/**
 * What the documents show, in some 40 minutes on two processors. What takes long is measured once, or not for all: to
 * delete a thousand organizations of the naive provider, or to do anything with ten thousand of them.
 */
export function fullPlan(): Order[] {
  const life = (
    checkpoints: "on" | "off",
    size: number,
    repeats: number,
    who: readonly Contestant[] = providers,
    what: readonly Operation[] = operations,
    latency = 0,
  ) =>
    ordersOf({ providers: who, sizes: [size], checkpoints: [checkpoints], latency, repeats, operations: what }).map(
      (order) => ({ ...order, repeated: ["up"] as const }),
    );
  return [
    ...life("on", 100, 2),
    ...life("on", 300, 2),
    ...life("on", 1000, 2, ["ours", "native", "empty"]),
    ...life("on", 1000, 2, ["naive"], ["up", "again", "preview", "refresh", "update"]),
    ...life("off", 100, 2),
    ...life("off", 1000, 2),
    ...life("off", 10_000, 1, ["ours"], ["up", "again", "refresh"]),
    ...life("off", 10_000, 1, ["empty"], ["up"]),
    ...life("off", 300, 1, ["ours", "naive"], operations, 50),
    ...Object.keys(settings).map((setting) => settingOrder("on", 0, setting)),
    ...Object.keys(parallelism).map((setting) => settingOrder("off", 50, setting)),
  ];
}

const settingOrder = (checkpoints: "on" | "off", latency: number, setting: string): Order => ({
  cell: { provider: "ours", size: settingSize, checkpoints, latency, setting },
  repeats: 1,
  // Without changes the engine only reads and compares.
  operations: checkpoints === "on" ? ["up", "again"] : ["up"],
});

const isProvider = (one: Contestant): boolean => providers.some((provider) => provider === one);

/** The size at which settings are compared. */
export const settingSize = 300;

export interface PlanOptions {
  readonly providers: readonly Contestant[];
  readonly sizes: readonly number[];
  readonly checkpoints: readonly ("on" | "off")[];
  readonly latency: number;
  readonly repeats: number;
  readonly operations: readonly Operation[];
}

export const ordersOf = ({ latency, repeats, operations, ...options }: PlanOptions): Order[] =>
  options.checkpoints.flatMap((checkpoints) =>
    options.sizes.flatMap((size) =>
      options.providers.map((provider) => ({ cell: { provider, size, checkpoints, latency }, repeats, operations })),
    ),
  );

/**
 * The orders in the order of their work: each once before any of them again, and whoever was first in a repeat is last in
 * the next, so that whatever else the machine does meanwhile hits all of them alike.
 */
export function turns(orders: readonly Order[]): (Order & { repeat: number })[] {
  const most = Math.max(...orders.map(({ repeats }) => repeats));
  return Array.from({ length: most }, (_, before) => {
    const groups = Map.groupBy(
      orders.filter(({ repeats }) => repeats > before),
      ({ cell: { provider: _, setting: __, ...rest } }) => JSON.stringify(rest),
    );
    return [...groups.values()].flatMap((group) =>
      group.map((_, place) => {
        const order = group[(place + before) % group.length] as Order;
        return { ...order, repeat: before + 1, operations: (before > 0 && order.repeated) || order.operations };
      }),
    );
  }).flat();
}

/** How many seconds a stack's `up` will take: from what a smaller one took in this run, else from a rough idea of it. */
export function forecast(cell: Cell, runs: readonly Run[]): number {
  const { provider, size, checkpoints, latency } = cell;
  const isEach = isProvider(provider);
  // The engine saves its state at each step, and so the whole of it for each resource.
  const growth = (factor: number) => (checkpoints === "on" && isEach ? factor ** 2 : factor);
  const known = runs
    .filter((run) => run.provider === provider && run.checkpoints === checkpoints && run.latency === latency)
    .filter((run) => run.size < size && run.operations.up !== undefined && run.setting === cell.setting)
    .toSorted((a, b) => a.size - b.size)
    .at(-1);
  if (known?.operations.up) return known.operations.up.seconds * growth(size / known.size);
  const thousand = !isEach ? 4 : checkpoints === "off" ? 10 : provider === "naive" ? 100 : 50;
  return thousand * growth(size / 1000) + (size * latency * (provider === "naive" ? 2 : 1)) / 8000;
}
