import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { ensureEngine } from "../tools/engine/engine.mts";
import { measure } from "./arena/measuring.mts";
import { drawChart } from "./documents/chart.mts";
import { fillDocument } from "./documents/documents.mts";
import { goalTable, millionTable, peerTable, setTables } from "./documents/sets.mts";
import { allTables } from "./documents/tables.mts";
import { nothingOr, number, numbers, words } from "./plan/options.mts";
import { fullPlan, ordersOf, type PlanOptions } from "./plan/plan.mts";
import { setSizes, setsPlan } from "./plan/sets.mts";
import {
  type Contestant,
  contestants,
  operations,
  peers,
  providers,
  type Results,
  resultsSchema,
} from "./results/results.mts";

const help = `
Examples:
  $ npm run bench                                           100 organizations, a minute
  $ npm run bench -- --sizes 100,1000 --repeats 3
  $ npm run bench -- --sizes 10000 --checkpoints off --providers ours,empty
  $ npm run bench -- --latency 50                           as over a network
  $ npm run bench -- --sets                                 sets of 1,000 and 10,000, some 10 minutes
  $ npm run bench -- --sets --sizes 100000 --providers set,loop,stack
  $ npm run bench -- --json > results.json
  $ npm run bench -- --from docs/scale.json --chart scale.svg    draws again, and measures nothing
  $ npm run bench -- --full                                 all that docs/scale.md shows: some 25 minutes
  $ npm run bench -- --sets --full                          all that docs/sets-scale.md shows, 100,000 too

ours is this package, by its dynamic provider, and native the same by its plugin; naive is a dynamic provider as a tutorial
would have it; empty sends nothing and keeps next to nothing, so it shows what the engine itself takes. set and nativeSet are all organizations in one resource, loop sends the same
creates without an engine, and stack is an empty stack. They take turns, each with a stack and an emulator of its own in a
temporary folder. The limit of 600 requests a minute is lifted. What would take longer than --time-limit is left out, and
the output says so.

Exit codes: 0 measured, 1 something failed, 130 interrupted, which leaves no process, no folder and no half-written file behind.`;

interface Options extends Omit<PlanOptions, "sizes" | "repeats" | "providers"> {
  providers?: Contestant[];
  sizes?: number[];
  repeats?: number;
  timeLimit: number;
  full?: true;
  sets?: true;
  peers?: string;
  note?: string;
  from?: string;
  save?: string;
  chart?: string;
  docs?: string[];
  json?: true;
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());

new Command("npm run bench --")
  .description(
    "Measures time, requests, state, memory and processor time on the real engine, for several providers in turn",
  )
  .option("--sizes <numbers>", "organizations in the stack (default: 100, and 1,000 and 10,000 with --sets)", numbers)
  .option("--repeats <number>", "how often each is measured (default: 1, and 2 with --sets)", number)
  .option(
    "--providers <names>",
    "who takes part (default: ours, native, naive and empty; with --sets all that belong there)",
    words(contestants),
  )
  .option("--operations <names>", "what is measured; up always comes first", words(operations), [...operations])
  .option("--checkpoints <on|off>", "whether the engine saves its state at each step", words(["on", "off"]), ["on"])
  .addOption(
    new Option("--latency <milliseconds>", "how much longer each answer of the API takes")
      .argParser(nothingOr)
      .default(0),
  )
  .option("--time-limit <seconds>", "the most that one operation may take", number, 600)
  .option("--json", "the results as JSON")
  .option("--save <file>", "write the results into this file")
  .option("--note <text>", "what readers of the figures must know, such as that the machine was busy")
  .option("--from <file>", "take the results from this file, and measure nothing")
  .option("--chart <file>", "draw the curves into this SVG file")
  .option("--docs <files...>", "put the figures between the markers of these documents")
  .option(
    "--sets",
    "measure sets alone, beside a bare loop of the same creates, an empty stack and organizations as resources",
  )
  .option(
    "--peers <folder>",
    "beside sets, measure what users would pick instead, as far as bench/peers.mts brought it into this folder",
  )
  .option("--full", "measure what docs/scale.md shows, or docs/sets-scale.md with --sets, and write it there")
  .addHelpText("after", help)
  .showHelpAfterError("(run with --help for the options)")
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    say(`bench: ${interrupted.signal.aborted ? "interrupted" : error.message}`);
    process.exitCode = interrupted.signal.aborted ? 130 : 1;
  });

async function main(options: Options): Promise<void> {
  const outputs = options.full ? { ...committed(options.sets === true), ...options } : options;
  const results = options.from === undefined ? await measured(options) : await stored(options.from);
  if (outputs.save) await writeFile(outputs.save, `${JSON.stringify(results, null, 2)}\n`);
  if (outputs.chart) await writeFile(outputs.chart, drawChart(results));
  for (const file of outputs.docs ?? []) await fillDocument(file, results);
  if (results.skipped.some(({ failed }) => failed)) process.exitCode = 1;
  process.stdout.write(
    options.json ? `${JSON.stringify(results, null, 2)}\n` : `${allTables(results)}${ofSets(results)}`,
  );
}

/** Those of what users would pick instead that are in this folder. */
function peersIn(folder: string): Contestant[] {
  const there = { alchemy: ["node_modules/alchemy"], opentofu: ["tofu", "terraform-provider-restapi"] };
  return peers.filter((peer) => {
    const missing = there[peer].find((path) => !existsSync(join(folder, path)));
    if (missing !== undefined)
      say(`${peer} is left out: ${missing} is not in ${folder}; \`node bench/peers.mts ${folder}\` brings it`);
    return missing === undefined;
  });
}

const ofSets = (results: Results): string =>
  results.runs.some(({ provider }) => provider === "set")
    ? [setTables, goalTable, millionTable, peerTable].map((table) => `\n${table(results)}`).join("")
    : "";

/** What the documents are made of. */
function committed(sets: boolean) {
  const file = (path: string) => resolve(import.meta.dirname, "..", path);
  if (sets) return { save: file("docs/sets-scale.json"), docs: [file("docs/sets-scale.md")] };
  return {
    save: file("docs/scale.json"),
    chart: file("docs/scale.svg"),
    docs: [file("docs/scale.md"), file("README.md")],
  };
}

async function measured({ timeLimit, full, sets, peers: folder, note, ...options }: Options): Promise<Results> {
  const engine = await ensureEngine(say);
  // Nothing can be done with a stack that is not up.
  const chosen = operations.filter((operation) => operation === "up" || options.operations.includes(operation));
  const { sizes, repeats, providers: who } = options;
  const peersThere = folder === undefined ? [] : peersIn(resolve(folder));
  const ofSets = full ? setSizes : setSizes.slice(0, 2);
  const orders = sets
    ? setsPlan({ sizes: sizes ?? ofSets, repeats: repeats ?? 2, peers: peersThere, who })
    : full
      ? fullPlan()
      : ordersOf({
          ...options,
          providers: who ?? providers,
          sizes: sizes ?? [100],
          repeats: repeats ?? 1,
          operations: chosen,
        });
  const results = await measure(orders, {
    engine,
    timeLimit,
    peers: folder && resolve(folder),
    signal: interrupted.signal,
    say,
  });
  return note === undefined ? results : { ...results, note };
}

async function stored(file: string): Promise<Results> {
  return resultsSchema.parse(JSON.parse(await readFile(file, "utf8")));
}
