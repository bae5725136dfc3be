import * as echarts from "echarts";
import { measuredIn, type Operation, type Provider, type Results } from "../results/results.mts";
import { points, sizesOf } from "./growth.mts";
import { runsOf } from "./tables.mts";

/** The scaling curves as an SVG that reads on a light background and on a dark one. */
export function drawChart(results: Results): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height: 420 });
  try {
    chart.setOption(options(results));
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

/** Of a middle brightness, for both backgrounds. */
const colors: Readonly<Record<Provider, string>> = {
  ours: "#2f8fdd",
  native: "#2fae6d",
  naive: "#dd7a2f",
  empty: "#8a919c",
};
const ink = "#7d8590";
const line = "#7d859055";

const names: Readonly<Record<Provider, string>> = {
  ours: "pulumi-scalekit",
  native: "pulumi-scalekit, native plugin",
  naive: "naive dynamic provider",
  empty: "empty provider: the engine's floor",
};

function options(results: Results): echarts.EChartsOption {
  const text = { color: ink, fontFamily: "sans-serif", fontSize: 12 };
  const axis = { nameTextStyle: text, axisLabel: text, axisLine: { lineStyle: { color: line } } };
  const panels = [
    {
      left: 64,
      title: "Seconds of a first pulumi up",
      note: "solid: checkpoints on, dashed: checkpoints off",
      unit: "s",
    },
    { left: 560, title: "Requests to the API", note: "solid: up, dashed: refresh", unit: "" },
  ];
  const whole = (value: number) => value.toLocaleString("en-US");
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: text,
    title: panels.map(({ left, title, note }) => ({
      text: title,
      subtext: note,
      left: left - 8,
      top: 4,
      itemGap: 6,
      textStyle: { ...text, fontSize: 15, fontWeight: 600 },
      subtextStyle: text,
    })),
    grid: panels.map(({ left }) => ({ left, width: 360, top: 60, bottom: 88 })),
    legend: {
      data: measuredIn(results).map((provider) => names[provider]),
      bottom: 4,
      itemWidth: 32,
      itemGap: 36,
      textStyle: text,
    },
    xAxis: panels.map((_, gridIndex) => ({
      ...axis,
      type: "log",
      gridIndex,
      name: "organizations",
      nameLocation: "middle",
      nameGap: 26,
      axisLabel: { ...text, formatter: whole },
      splitLine: { show: false },
    })),
    yAxis: panels.map(({ unit }, gridIndex) => ({
      ...axis,
      type: "log",
      gridIndex,
      axisLabel: { ...text, formatter: (value: number) => `${whole(value)}${unit && ` ${unit}`}` },
      splitLine: { lineStyle: { color: line, width: 0.5 } },
    })),
    series: [...timeSeries(results), ...requestSeries(results)],
  };
}

const timeSeries = (results: Results): echarts.LineSeriesOption[] =>
  measuredIn(results)
    .toReversed()
    .flatMap((provider) =>
      (["on", "off"] as const).map((checkpoints) =>
        series(
          provider,
          checkpoints === "on" ? "solid" : "dashed",
          0,
          points(results, provider, checkpoints, "up").map(({ size, seconds }) => [size, seconds]),
        ),
      ),
    );

const requestSeries = (results: Results): echarts.LineSeriesOption[] =>
  (["ours", "naive"] as const).flatMap((provider) =>
    (["up", "refresh"] as const).map((operation) =>
      series(provider, operation === "up" ? "solid" : "dashed", 1, requests(results, provider, operation)),
    ),
  );

const requests = (results: Results, provider: Provider, operation: Operation): [number, number][] =>
  sizesOf(results, "off").flatMap((size) => {
    const run = runsOf(results, provider, { size, checkpoints: "off", latency: 0 })[0];
    const asked = Object.values(run?.operations[operation]?.requests ?? {}).reduce((sum, one) => sum + one, 0);
    return asked > 0 ? [[size, asked]] : [];
  });

const series = (
  provider: Provider,
  type: "solid" | "dashed",
  panel: number,
  data: [number, number][],
): echarts.LineSeriesOption => ({
  type: "line",
  name: names[provider],
  xAxisIndex: panel,
  yAxisIndex: panel,
  data,
  symbol: "circle",
  color: colors[provider],
  // Wide and behind the others, since what is near it lies on it.
  symbolSize: provider === "empty" ? 9 : 6,
  lineStyle: { width: provider === "empty" ? 6 : 2.5, opacity: provider === "empty" ? 0.6 : 1, type },
});
