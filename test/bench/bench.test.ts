import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { expect, inject, test } from "vitest";
import { resultsSchema } from "../../bench/results/results.mts";
import { repository } from "../support/stack.ts";

const bin = join(repository, "node_modules", ".bin");

/** A folder of the test's: the first on PATH, and where the benchmark puts what is to be gone in the end. */
async function begin() {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-benchmark-"));
  const env = {
    ...process.env,
    TMPDIR: folder,
    PATH: [folder, inject("engine").bin, bin, process.env["PATH"]].join(delimiter),
  };
  const command = (file: string, args: string[]) => [join(repository, "bench", file), ...args];
  return {
    folder,
    run: (file: string, ...args: string[]) =>
      new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
        execFile(join(bin, "node"), command(file, args), { env, maxBuffer: 2 ** 24 }, (error, stdout, stderr) =>
          done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
        );
      }),
    start: (file: string, ...args: string[]) => spawn(join(bin, "node"), command(file, args), { env }),
    /** What the benchmark has left behind, of its own and of what it runs. */
    leftovers: () => readdirSync(folder).filter((name) => name.startsWith("pulumi-scalekit-bench-")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

// Eight runs of the engine in turn, each of which takes half a minute where ten times as much is going on as the machine can do.
test.concurrent("two organizations are measured with each provider, as JSON of the documented shape", {
  timeout: 900_000,
}, async () => {
  await using workbench = await begin();
  const { folder, run, leftovers } = workbench;
  const save = join(folder, "results.json");
  const sizes = ["--sizes", "2", "--operations", "refresh"];
  const ended = await run("bench.mts", ...sizes, "--save", save, "--json");
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain("[4/4] empty, 2 organizations, checkpoints on: refresh");
  const results = resultsSchema.parse(JSON.parse(ended.stdout));
  expect(results).toEqual(JSON.parse(await readFile(save, "utf8")));
  expect(results.runs.map(({ provider }) => provider)).toEqual(["ours", "native", "naive", "empty"]);
  const [ours, native, naive, empty] = results.runs;
  expect(ours?.operations.up?.requests).toEqual({ token: 1, create: 2, get: 0, list: 0, update: 0, delete: 0 });
  expect(naive?.operations.up?.requests).toMatchObject({ token: 2, create: 2 });
  expect(naive?.operations.refresh?.requests).toMatchObject({ token: 2, get: 2 });
  expect(Object.values(empty?.operations.refresh?.requests ?? {}).every((count) => count === 0)).toBe(true);
  expect(native?.state?.whole).toBeLessThan(ours?.state?.whole ?? 0);
  expect(naive?.state?.whole).toBeGreaterThan(ours?.state?.whole ?? Infinity);
  expect(ours?.state?.inputsAndOutputs).toBeGreaterThan(empty?.state?.inputsAndOutputs ?? Infinity);
  for (const { operations } of results.runs) {
    for (const role of ["engine", "program", "provider"] as const) {
      expect(operations.up?.[role].cpuSeconds).toBeGreaterThan(0);
      expect(operations.up?.[role].peakBytes).toBeGreaterThan(10_000_000);
    }
  }
  expect(leftovers()).toEqual([]);
});

test.concurrent("the start of each provider's process is measured, and a preview with each", async () => {
  await using workbench = await begin();
  const ended = await workbench.run("start-up.mts", "--starts", "1", "--previews", "1", "--json");
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const [empty, dynamic, native] = ["empty dynamic provider", "dynamic provider", "native plugin"] as const;
  const times = expect.toSatisfy((figures: number[]) => figures.length === 1 && (figures[0] ?? 0) > 0);
  expect(JSON.parse(ended.stdout)).toEqual({
    "start to first request, ms": { [empty]: [], [dynamic]: times, [native]: times },
    "start to first check answered, ms": { [empty]: times, [dynamic]: times, [native]: times },
    "preview of one organization, seconds": { [empty]: times, [dynamic]: times, [native]: times },
  });
  expect(workbench.leftovers()).toEqual([]);
});

test.concurrent("a set of two organizations is measured beside a bare loop of the same creates and an empty stack", async () => {
  await using workbench = await begin();
  const { folder, run, leftovers } = workbench;
  const who = ["--providers", "set,nativeSet,loop,stack,opentofu"];
  const ended = await run("bench.mts", "--sets", "--sizes", "2", "--repeats", "1", ...who, "--peers", folder, "--json");
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stderr).toContain(`opentofu is left out: tofu is not in ${folder}`);
  const { runs } = resultsSchema.parse(JSON.parse(ended.stdout));
  expect(runs.map(({ provider }) => provider)).toEqual(["set", "stack", "loop", "nativeSet"]);
  const [set, stack, loop, nativeSet] = runs.map(({ operations }) => operations);
  for (const one of [set, loop, nativeSet]) expect(one?.up?.requests).toMatchObject({ token: 1, create: 2 });
  for (const one of [set, nativeSet]) {
    expect(one?.again?.requests).toMatchObject({ token: 0, get: 0, list: 0, update: 0 });
    expect(one?.refresh?.requests).toMatchObject({ token: 1, get: 0, list: 1 });
    expect(one?.update?.requests).toMatchObject({ create: 0, update: 1 });
  }
  expect(Object.values(stack?.up?.requests ?? {}).every((count) => count === 0)).toBe(true);
  expect(set?.up?.largestProcessBytes).toBeGreaterThan(10_000_000);
  expect(loop?.up?.program.cpuSeconds).toBeGreaterThan(0);
  expect(leftovers()).toEqual([]);
});

test.concurrent("what would take too long is left out and said, and so is the rest after an operation that did", async () => {
  await using workbench = await begin();
  const { run } = workbench;
  const limited = ["--sizes", "1,100000", "--providers", "empty", "--time-limit", "1"];
  const ended = await run("bench.mts", ...limited);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stdout).toContain(
    "- Left out: empty, 1 organizations, checkpoints on, from up on: took longer than 1 s.",
  );
  expect(ended.stdout).toMatch(
    /- Left out: empty, 100,000 organizations, checkpoints on: `up` would take some \d+ minutes/,
  );
});

test.concurrent("what fails is reported and left out, the others are measured, and the exit code is 1", async () => {
  await using workbench = await begin();
  const { folder, run, leftovers } = workbench;
  const broken = join(folder, "pulumi");
  await writeFile(
    broken,
    '#!/bin/sh\n[ "$1" = version ] && exec echo v3.259.0\necho error: the disk is full >&2; exit 1\n',
  );
  await chmod(broken, 0o755);
  await writeFile(join(folder, "pulumi-language-nodejs"), "");
  const ended = await run("bench.mts", "--providers", "ours,empty");
  expect(ended.code).toBe(1);
  for (const provider of ["ours", "empty"]) {
    expect(ended.stdout).toContain(
      `- Failed: ${provider}, 100 organizations, checkpoints on: ${provider}: pulumi stack init`,
    );
  }
  expect(ended.stderr).toContain("the disk is full");
  expect(leftovers()).toEqual([]);
});

test.concurrent("Ctrl-C ends it with 130, and leaves no process and no folder", async () => {
  await using workbench = await begin();
  const { start, leftovers } = workbench;
  const child = start("bench.mts", "--sizes", "50", "--providers", "ours");
  const ended = once(child, "exit");
  const [line] = await once(createInterface({ input: child.stderr }), "line");
  expect(line).toContain("ours, 50 organizations, checkpoints on: up");
  const [folder] = leftovers();
  child.kill("SIGINT");
  expect(await ended).toEqual([130, null]);
  expect(leftovers()).toEqual([]);
  if (existsSync("/proc/self")) expect(workingIn(folder ?? "")).toEqual([]);
});

/** The processes whose environment or arguments speak of a folder. */
const workingIn = (folder: string): string[] =>
  readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(folder);
    } catch {
      return false;
    }
  });

test.concurrent("a mistaken option is reported with the way to the help, which has examples and exit codes", async () => {
  await using workbench = await begin();
  const { run } = workbench;
  const help = await run("bench.mts", "--help");
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining("$ npm run bench -- --latency 50") });
  expect(help.stdout).toContain("Exit codes: 0 ");
  for (const wrong of [
    ["--sizes", "ten"],
    ["--providers", "theirs"],
    ["--checkpoints", "sometimes"],
  ]) {
    const ended = await run("bench.mts", ...wrong);
    expect(ended).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("run with --help") });
  }
});

test.concurrent("the picture and the documents are made from the committed results, and are as committed", async () => {
  await using workbench = await begin();
  const { folder, run } = workbench;
  const documents = ["docs/scale.md", "README.md"];
  for (const file of documents) {
    await writeFile(join(folder, file.replace("docs/", "")), await readFile(join(repository, file), "utf8"));
  }
  const chart = join(folder, "scale.svg");
  const copies = documents.map((file) => join(folder, file.replace("docs/", "")));
  const results = join(repository, "docs", "scale.json");
  const ended = await run("bench.mts", "--from", results, "--chart", chart, "--docs", ...copies);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const committed = (file: string) => readFileSync(join(repository, file), "utf8");
  for (const file of documents) {
    expect(readFileSync(join(folder, file.replace("docs/", "")), "utf8")).toBe(committed(file));
  }
  expect(readFileSync(chart, "utf8")).toBe(committed("docs/scale.svg"));
  const ofSets = join(folder, "sets-scale.md");
  await writeFile(ofSets, committed("docs/sets-scale.md"));
  const again = await run("bench.mts", "--from", join(repository, "docs/sets-scale.json"), "--docs", ofSets);
  expect(again, again.stderr).toMatchObject({ code: 0 });
  expect(readFileSync(ofSets, "utf8")).toBe(committed("docs/sets-scale.md"));
  expect(ended.stdout).toContain("| seconds |");
});
