import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { ensureEngine } from "../tools/engine/engine.mts";
import { openArena } from "./arena/arena.mts";
import { nothingOr, number } from "./plan/options.mts";
import type { Provider } from "./results/results.mts";
import { show, spread } from "./results/spread.mts";
import { doors, newApi, timed } from "./starting.mts";

const help = `
Examples:
  $ npm run bench:start                              30 starts of each, and 10 previews
  $ npm run bench:start -- --starts 100 --previews 0
  $ npm run bench:start -- --executable release/pulumi-resource-scalekit
  $ npm run bench:start -- --json

The empty dynamic provider sends nothing. All take turns, so that what else the machine does falls on each. The first start and the
first preview of each fill the caches and are not counted.`;

interface Options {
  readonly starts: number;
  readonly previews: number;
  readonly executable?: string;
  readonly json?: true;
}

/** Figures of each door, by what was measured. */
type Figures = Readonly<Record<string, Record<string, number[]>>>;

new Command("npm run bench:start --")
  .description(
    "Measures how long each provider's process takes from its start to its first request and to its answer to the first check, " +
      "and how long `pulumi preview` takes of one organization in which nothing changed",
  )
  .option("--starts <number>", "how often each process is started", number, 30)
  .option("--previews <number>", "how often each stack is previewed", nothingOr, 10)
  .option("--executable <file>", "the plugin as one executable, out of an archive of `npm run release:build`")
  .option("--json", "the figures as JSON")
  .addHelpText("after", help)
  .showHelpAfterError("(run with --help for the options)")
  .action(measure)
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`bench:start: ${(error as Error).message}\n`);
    process.exitCode = 1;
  });

async function measure({ starts, previews, executable, json }: Options): Promise<void> {
  const figures = {
    ...(await startsOf(starts, executable)),
    ...(previews > 0 && (await previewsOf(previews))),
  };
  process.stdout.write(json ? `${JSON.stringify(figures, null, 2)}\n` : table(figures, starts, previews));
}

async function startsOf(count: number, executable?: string): Promise<Figures> {
  // As on a user's machine after the first run, with the files that it left.
  const home = await mkdtemp(join(tmpdir(), "pulumi-scalekit-start-"));
  process.on("exit", () => rmSync(home, { recursive: true }));
  await using api = await newApi();
  const measured = doors(executable === undefined ? undefined : resolve(executable));
  const asked = emptyFor(Object.keys(measured));
  const answered = emptyFor(Object.keys(measured));
  for (let start = -1; start < count; start++) {
    for (const [name, door] of Object.entries(measured)) {
      // For as long as it takes until Node.js has written what it compiled; a run takes longer.
      const one = await timed(door, { api, home, stay: start < 0 ? 1500 : 0 });
      if (start < 0) continue;
      if (door.isAsking) asked[name]?.push(one.asked);
      answered[name]?.push(one.answered);
    }
  }
  return { "start to first request, ms": asked, "start to first check answered, ms": answered };
}

async function previewsOf(count: number): Promise<Figures> {
  const { bin } = await ensureEngine((line) => process.stderr.write(`${line}\n`));
  const previewed = {
    "empty dynamic provider": "empty",
    "dynamic provider": "ours",
    "native plugin": "native",
  } as const;
  const seconds = emptyFor(Object.keys(previewed));
  const signal = new AbortController().signal;
  await using opened = new AsyncDisposableStack();
  const open = async (provider: Provider) =>
    opened.use(await openArena({ provider, size: 1, latency: 0, engineBin: bin, setting: {}, timeLimit: 120, signal }));
  const arenas: [string, Awaited<ReturnType<typeof open>>][] = [];
  for (const [name, provider] of Object.entries(previewed)) arenas.push([name, await open(provider)]);
  for (const [, arena] of arenas) await arena.run("up");
  for (let preview = -1; preview < count; preview++) {
    for (const [name, arena] of arenas) {
      const one = await arena.run("preview");
      if (preview >= 0) seconds[name]?.push(one.seconds);
    }
  }
  return { "preview of one organization, seconds": seconds };
}

const emptyFor = (names: readonly string[]): Record<string, number[]> =>
  Object.fromEntries(names.map((name) => [name, []]));

function table(figures: Figures, starts: number, previews: number): string {
  const names = [...new Set(Object.values(figures).flatMap((each) => Object.keys(each)))];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const rows = Object.entries(figures).map(([what, each]) =>
    row([what, ...names.map((name) => show(spread(each[name] ?? [])))]),
  );
  const times = `${starts} starts, ${previews} previews, in turns: median (fastest–slowest)`;
  return row([times, ...names]) + row(["---", ...names.map(() => "--:")]) + rows.join("");
}
