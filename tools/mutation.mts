import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

const help = `Draws mutants of the lifecycle at random, and counts how many its tests kill. All 3,000 would take some four hours.

  npm run mutation                       320 mutants, some 50 minutes on 2 cores
  npm run mutation -- --count 1000
  npm run mutation -- --seed 7           another draw
  npx stryker run --mutate src/lifecycle/check.ts      every mutant of one file

Stryker makes the mutants. Each that is drawn is tested in a process of its own, by the tests of vitest.mutation.config.mts.
Exit codes: 0 at least 85 % killed, 1 fewer, or it could not run.
`;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "320" },
    seed: { type: "string", default: "2026" },
    help: { type: "boolean" },
  },
});

interface Mutant {
  readonly id: string;
  readonly file: string;
  /** Stryker's code at that place: a condition on this mutant, the mutant, and what stands there otherwise. */
  readonly code: string;
}

const root = join(import.meta.dirname, "..");
const stryker = join(root, "node_modules", ".stryker");
const children = new Set<ChildProcess>();

async function main(): Promise<void> {
  try {
    const sandbox = await makeSandbox();
    const all = await mutantsIn(sandbox);
    const drawn = shuffled(all, Number(values.seed)).slice(0, Number(values.count));
    console.log(`${all.length} mutants, of which ${drawn.length} are drawn.`);
    const alive = await survivorsOf(sandbox, drawn);
    const killed = drawn.length - alive.length;
    console.log(`\n${killed} of ${drawn.length} killed: ${percent(killed, drawn.length)}. Alive:`);
    for (const { file, id, code } of alive) console.log(`${file} ${id}: ${code}`);
    process.exitCode = killed >= 0.85 * drawn.length ? 0 : 1;
  } finally {
    await rm(stryker, { recursive: true, force: true });
  }
}

/** A copy of the repository whose lifecycle has every mutant in it, each behind a condition. */
async function makeSandbox(): Promise<string> {
  await rm(stryker, { recursive: true, force: true });
  const { code } = await run("npx", ["stryker", "run", "--dryRunOnly", "--cleanTempDir", "false"], root);
  if (code !== 0) throw new Error("Stryker could not make the mutants, or the tests fail without any.");
  const [name = ""] = await readdir(stryker);
  return join(stryker, name);
}

async function mutantsIn(sandbox: string): Promise<Mutant[]> {
  const folder = join(sandbox, "src", "lifecycle");
  const found: Mutant[] = [];
  for (const file of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, file), "utf8");
    for (const { 1: id = "", index } of text.matchAll(/stryMutAct_\w+\("(\d+)"\)/g)) {
      if (found.some((mutant) => mutant.id === id)) continue;
      found.push({ id, file, code: text.slice(index, index + 160).replaceAll(/\s+/g, " ") });
    }
  }
  return found;
}

/** Tests two mutants at a time. */
async function survivorsOf(sandbox: string, drawn: readonly Mutant[]): Promise<Mutant[]> {
  const alive: Mutant[] = [];
  const queue = drawn.values();
  let done = 0;
  const worker = async () => {
    for (const mutant of queue) {
      if (await passesWith(sandbox, mutant)) alive.push(mutant);
      console.log(`${++done}/${drawn.length}  ${percent(done - alive.length, done)} killed`);
    }
  };
  await Promise.all([worker(), worker()]);
  return alive;
}

/** Whether every test passes with the mutant. One that takes four minutes does not. */
async function passesWith(sandbox: string, { id }: Mutant): Promise<boolean> {
  const args = ["run", "-c", "vitest.mutation.config.mts", "--bail", "1", "--maxWorkers=1", "--reporter=dot"];
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const { code } = await run(process.execPath, [vitest, ...args], sandbox, { __STRYKER_ACTIVE_MUTANT__: id });
  return code === 0;
}

function run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number | null }>((done, fail) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: "ignore", detached: true });
    children.add(child);
    const timer = setTimeout(() => end(child), 240_000);
    child.on("error", fail);
    child.on("exit", (code) => {
      clearTimeout(timer);
      children.delete(child);
      done({ code });
    });
  });
}

/** Ends a process with what it has started. */
function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** The same order for the same seed, by the generator of Numerical Recipes. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return items
    .map((item) => ({ item, place: next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

if (values.help) {
  process.stdout.write(help);
} else {
  process.once("SIGINT", () => {
    for (const child of children) end(child);
    rmSync(stryker, { recursive: true, force: true });
    process.exit(130);
  });
  await main();
}
