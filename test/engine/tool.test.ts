import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { missingForBuild } from "../../tools/engine/build.mts";
import { engines, ensureEngine, ensureEngineOf } from "../../tools/engine/engine.mts";
import { withLock } from "../../tools/engine/lock.mts";
import { engineOnPath } from "../../tools/engine/on-path.mts";
import { ensureYamlHost } from "../../tools/engine/yaml-host.mts";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-tool-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function script(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
}

/** A folder with a CLI that says it is of this version. */
async function cliOf(version: string, host = true): Promise<string> {
  const folder = await temporaryFolder();
  await script(join(folder, "pulumi"), `echo v${version}`);
  if (host) await script(join(folder, "pulumi-language-nodejs"), "exit 0");
  return folder;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the CLI on PATH", () => {
  test.each([
    ["3.254.0", true, true],
    ["3.300.1", true, true],
    ["3.253.9", true, false],
    ["4.0.0-dev", false, false],
  ])("%s (language host: %s) is used: %s", async (version, host, used) => {
    const folder = await cliOf(version, host);
    vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
    expect(await engineOnPath("3.254.0")).toEqual(used ? { version, bin: folder } : undefined);
  });

  test("is taken before anything is downloaded or built", async () => {
    const folder = await cliOf("3.300.0");
    vi.stubEnv("PATH", `${folder}:/bin:/usr/bin`);
    vi.stubEnv("PULUMI_SCALEKIT_CACHE", join(folder, "cache"));
    expect(await ensureEngine()).toEqual({ version: "3.300.0", bin: folder, source: "path" });
  });
});

test("a missing Go is reported as missing", async () => {
  vi.stubEnv("PATH", await temporaryFolder());
  expect(await missingForBuild()).toBe("Go is not installed");
});

describe("two that start at once", () => {
  test("work one after the other, and the second says that it waits", async () => {
    const file = join(await temporaryFolder(), "lock");
    const events: string[] = [];
    const { promise: waiting, resolve: tell } = Promise.withResolvers<void>();
    const first = withLock(
      file,
      () => {},
      async () => {
        events.push("first begins");
        await waiting;
        events.push("first ends");
      },
    );
    await expect.poll(() => events.length).toBeGreaterThan(0);
    const say = (line: string) => {
      events.push(line);
      tell();
    };
    await withLock(file, say, async () => void events.push("second"));
    await first;
    expect(events).toEqual([
      "first begins",
      "Another process is bringing the Pulumi CLI; waiting for it.",
      "first ends",
      "second",
    ]);
  });

  test("do not wait for one that died", async () => {
    const file = join(await temporaryFolder(), "lock");
    // No process has this number: it is over the largest that Linux and macOS give.
    await writeFile(file, "4194305");
    expect(
      await withLock(
        file,
        () => {},
        async () => "done",
      ),
    ).toBe("done");
  });

  test("leave no lock behind when the work fails", async () => {
    const file = join(await temporaryFolder(), "lock");
    await expect(
      withLock(
        file,
        () => {},
        () => Promise.reject(new Error("no")),
      ),
    ).rejects.toThrow("no");
    expect(
      await withLock(
        file,
        () => {},
        async () => "done",
      ),
    ).toBe("done");
  });
});

test("an engine in the cache is used by both of two that start at once", async () => {
  const cache = await temporaryFolder();
  vi.stubEnv("PATH", await temporaryFolder());
  vi.stubEnv("PULUMI_SCALEKIT_CACHE", cache);
  const home = join(cache, "engine", `${engines.newest.version}-${process.platform}-${process.arch}-official`, "bin");
  await mkdir(home, { recursive: true });
  const found = await Promise.all([ensureEngine(), ensureEngine()]);
  expect(found).toEqual(Array(2).fill({ version: engines.newest.version, bin: home, source: "download" }));
});

test.each(["oldest", "newest"] as const)("the %s is brought by its version, whatever is on PATH", async (which) => {
  const cache = await temporaryFolder();
  vi.stubEnv("PATH", `${await cliOf("3.300.0")}:/bin:/usr/bin`);
  vi.stubEnv("PULUMI_SCALEKIT_CACHE", cache);
  const { version } = engines[which];
  const bin = join(cache, "engine", `${version}-${process.platform}-${process.arch}-official`, "bin");
  await mkdir(bin, { recursive: true });
  expect(await ensureEngineOf(which)).toEqual({ version, bin, source: "download" });
});

describe("the language host for YAML", () => {
  test("is the one beside the CLI, where it has one", async () => {
    const bin = await cliOf("3.300.0");
    await script(join(bin, "pulumi-language-yaml"), "exit 0");
    const engine = { version: "3.300.0", bin, source: "path" } as const;
    expect(await ensureYamlHost(engine)).toEqual(engine);
  });

  test("is built into a folder with the CLI, for which it takes Go", async () => {
    const engine = { version: "3.300.0", bin: await cliOf("3.300.0"), source: "path" } as const;
    const cache = await temporaryFolder();
    vi.stubEnv("PULUMI_SCALEKIT_CACHE", cache);
    vi.stubEnv("PATH", await temporaryFolder());
    await expect(ensureYamlHost(engine)).rejects.toThrow(`${engine.bin} has no language host for YAML beside it`);
    await expect(ensureYamlHost(engine)).rejects.toThrow("Go is not installed");
    expect(await readdir(join(cache, "engine"))).toEqual([]);
  });

  test("is built, says what goes on elsewhere, and is there complete or not at all", async () => {
    const engine = { version: "3.300.0", bin: await cliOf("3.300.0"), source: "path" } as const;
    const cache = await temporaryFolder();
    const go = await temporaryFolder();
    vi.stubEnv("PULUMI_SCALEKIT_CACHE", cache);
    vi.stubEnv("PATH", `${go}:/bin:/usr/bin`);
    // Where it is to be comes after -o.
    const building = 'while [ "$1" != -o ]; do shift; done; echo host > "$2"';
    await script(join(go, "go"), `[ "$1" = version ] || { echo "no such module" >&2; exit 1; }`);
    await expect(ensureYamlHost(engine)).rejects.toThrow("no such module");
    expect(await readdir(join(cache, "engine"))).toEqual([]);
    await script(join(go, "go"), `[ "$1" = version ] || { ${building}; }`);
    const said: string[] = [];
    const found = await Promise.all([1, 2].map(() => ensureYamlHost(engine, (line) => said.push(line))));
    expect(found[0]).toEqual(found[1]);
    expect((await readdir(found[0]?.bin ?? "")).sort()).toEqual([
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-language-yaml",
    ]);
    expect(said.filter((line) => line.startsWith("Building the Pulumi language host for YAML"))).toHaveLength(1);
  });
});
