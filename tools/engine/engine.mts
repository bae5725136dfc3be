import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildEngine, buildKey, missingForBuild } from "./build.mts";
import { downloadEngine } from "./download.mts";
import { withLock } from "./lock.mts";
import { engineOnPath } from "./on-path.mts";

/** The Pulumi CLI that this checkout runs: which version, and the folder that holds it and its plugins. */
export interface Engine {
  readonly version: string;
  readonly bin: string;
  readonly source: "path" | "download" | "build";
}

/** The version that is downloaded or built. The one in go.mod must be the same. */
export const engineVersion = "3.259.0";
/** The oldest that imports dynamic resources (`pulumi import --file`). */
const oldest = "3.254.0";

/**
 * Finds the real Pulumi CLI, or brings it: the one on PATH if it is recent enough, else the official download, else a
 * build from its Go modules. What was brought is kept for this user, outside the checkout, and shared by all checkouts.
 *
 * @param say told what takes time, a line at a time
 */
export async function ensureEngine(say: (line: string) => void = () => {}): Promise<Engine> {
  const installed = await engineOnPath(oldest);
  if (installed) return { ...installed, source: "path" };
  const cache = join(cacheFolder(), "engine");
  const platform = `${process.platform}-${process.arch}`;
  const homes = {
    download: join(cache, `${engineVersion}-${platform}-official`),
    build: join(cache, `${engineVersion}-${platform}-built-${await buildKey()}`),
  };
  const ready = (): Engine | undefined => {
    for (const source of ["download", "build"] as const) {
      const bin = join(homes[source], "bin");
      if (existsSync(bin)) return { version: engineVersion, bin, source };
    }
    return undefined;
  };

  await mkdir(cache, { recursive: true });
  // Two that start at once do the work once: the second waits, and finds it done.
  return (
    ready() ??
    withLock(join(cache, "lock"), say, async () => {
      const meanwhile = ready();
      if (meanwhile) return meanwhile;
      await removeUnfinished(cache);
      const work = await mkdtemp(join(cache, "unfinished-"));
      try {
        const source = (await downloadEngine(engineVersion, work, say)) ? "download" : "build";
        if (source === "build") await buildOrExplain(work, say);
        // Renamed whole, so that an engine is there complete or not at all, whenever this is interrupted.
        await rename(work, homes[source]).catch((error: unknown) => {
          if (!ready()) throw error;
        });
        return { version: engineVersion, bin: join(homes[source], "bin"), source };
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    })
  );
}

/** What interrupted attempts left behind. Only called under the lock, so nobody is at work in there. */
async function removeUnfinished(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith("unfinished-")) await rm(join(cache, name), { recursive: true, force: true });
  }
}

async function buildOrExplain(work: string, say: (line: string) => void): Promise<void> {
  const missing = await missingForBuild();
  if (missing) {
    throw new Error(
      `There is no Pulumi CLI ${oldest} or newer on PATH, its download cannot be reached, and it cannot be built: ${missing}. ` +
        "Install Pulumi (https://www.pulumi.com/docs/install/), or Go (https://go.dev/doc/install), and run this again.",
    );
  }
  await buildEngine(engineVersion, work, say);
}

/** Where this user keeps what can be made again. */
const cacheFolder = (): string =>
  process.env["PULUMI_SCALEKIT_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "pulumi-scalekit");
