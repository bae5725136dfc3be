import { at, type Curve, fitCurve } from "../results/curve.mts";
import { measuredIn, type Operation, type Provider, providers, type Results } from "../results/results.mts";
import { digits, show } from "../results/spread.mts";
import { count, figures, label, markdown } from "./tables.mts";

/** The sizes that were measured, smallest first. */
export const sizesOf = (results: Results, checkpoints: "on" | "off", latency = 0): number[] =>
  [
    ...new Set(
      results.runs
        .filter((run) => providers.some((provider) => provider === run.provider))
        .filter((run) => run.setting === undefined && run.checkpoints === checkpoints && run.latency === latency)
        .map(({ size }) => size),
    ),
  ].toSorted((a, b) => a - b);

/** The medians of an operation, over the sizes. */
export const points = (results: Results, provider: Provider, checkpoints: "on" | "off", operation: Operation) =>
  sizesOf(results, checkpoints).flatMap((size) => {
    const seconds = figures(
      results,
      provider,
      { size, checkpoints, latency: 0 },
      (run) => run.operations[operation]?.seconds,
    )?.median;
    return seconds === undefined ? [] : { size, seconds };
  });

export const curveOf = (results: Results, provider: Provider, checkpoints: "on" | "off", operation: Operation) =>
  fitCurve(points(results, provider, checkpoints, operation));

/** How the time of an operation grows, as measured and as a curve. */
export function growthTable(results: Results, operation: Operation): string {
  const kinds = (["on", "off"] as const).flatMap((checkpoints) =>
    measuredIn(results).map((provider) => ({ provider, checkpoints })),
  );
  const sizes = [...new Set([...sizesOf(results, "on"), ...sizesOf(results, "off")])].toSorted((a, b) => a - b);
  return markdown(
    [`seconds of ${label[operation]}`, ...sizes.map(count), "curve"],
    kinds.map(({ provider, checkpoints }) => [
      `${provider}, checkpoints ${checkpoints}`,
      ...sizes.map((size) =>
        show(
          figures(results, provider, { size, checkpoints, latency: 0 }, (run) => run.operations[operation]?.seconds),
        ),
      ),
      formula(curveOf(results, provider, checkpoints, operation)),
    ]),
  );
}

/** `2.1 + 3.4 N/1000 + 38 (N/1000)²`: per thousand, for figures of a readable size. */
export function formula(curve: Curve | undefined): string {
  if (curve === undefined) return "–";
  const terms: [number, string][] = [
    [curve.start, ""],
    [curve.perOne * 1000, " k"],
    [curve.perPair * 1_000_000, " k²"],
  ];
  return terms.flatMap(([factor, power]) => (factor === 0 ? [] : `${digits(factor)}${power}`)).join(" + ");
}

/** What the curve says for sizes that would take too long to measure. */
export const expected = (curve: Curve, size: number): string => {
  const seconds = at(curve, size);
  return seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${digits(seconds / 3600)} h`;
};
