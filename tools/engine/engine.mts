import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildEngine, buildKey, type EngineSource, missingForBuild } from "./build.mts";
import { downloadEngine } from "./download.mts";
import { cacheFolder, kept } from "./kept.mts";
import { engineOnPath } from "./on-path.mts";

/** The Pulumi CLI that this checkout runs: which version, and the folder that holds it and its plugins. */
export interface Engine {
  readonly version: string;
  readonly bin: string;
  readonly source: "path" | "download" | "build";
}

/** The versions that the stories run on, and the file that pins the modules of each. */
export const engines = {
  /** The last one that a module proxy serves and that has a Node.js SDK of the same version. */
  newest: { version: "3.276.0", modules: "go.mod" },
  /** The first that imports dynamic resources (`pulumi import --file`). */
  oldest: { version: "3.254.0", modules: "oldest.mod" },
} as const;

/**
 * Finds the real Pulumi CLI, or brings it: the one on PATH if it is recent enough, else the newest.
 *
 * @param say gets a line for each step that takes time
 */
export async function ensureEngine(say: (line: string) => void = () => {}): Promise<Engine> {
  const installed = await engineOnPath(engines.oldest.version);
  return installed ? { ...installed, source: "path" } : ensureEngineOf("newest", say);
}

/** Brings one of the versions, whatever is on PATH: the official download, else a build from its Go modules. */
export async function ensureEngineOf(
  which: keyof typeof engines,
  say: (line: string) => void = () => {},
): Promise<Engine> {
  const { version, modules } = engines[which];
  const platform = `${process.platform}-${process.arch}`;
  const homes = {
    download: join(cacheFolder(), `${version}-${platform}-official`),
    build: join(cacheFolder(), `${version}-${platform}-built-${await buildKey(modules)}`),
  };
  const ready = (): Engine | undefined => {
    for (const source of ["download", "build"] as const) {
      const bin = join(homes[source], "bin");
      if (existsSync(bin)) return { version, bin, source };
    }
    return undefined;
  };
  const bring = async (folder: string): Promise<string> => {
    const source = (await downloadEngine(version, folder, say)) ? "download" : "build";
    if (source === "build") await buildOrExplain(engines[which], folder, say);
    return homes[source];
  };
  return kept(ready, bring, say);
}

async function buildOrExplain(engine: EngineSource, work: string, say: (line: string) => void): Promise<void> {
  const missing = await missingForBuild();
  if (missing) {
    throw new Error(
      `There is no Pulumi CLI ${engines.oldest.version} or newer on PATH, its download cannot be reached, and it cannot be built: ${missing}. ` +
        "Install Pulumi (https://www.pulumi.com/docs/install/), or Go (https://go.dev/doc/install), and run this again.",
    );
  }
  await buildEngine(engine, work, say);
}
