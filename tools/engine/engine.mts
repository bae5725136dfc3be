import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildEngine, buildKey, missingForBuild } from "./build.mts";
import { downloadEngine } from "./download.mts";
import { cacheFolder, kept } from "./kept.mts";
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
 * build from its Go modules.
 *
 * @param say told what takes time, a line at a time
 */
export async function ensureEngine(say: (line: string) => void = () => {}): Promise<Engine> {
  const installed = await engineOnPath(oldest);
  if (installed) return { ...installed, source: "path" };
  const platform = `${process.platform}-${process.arch}`;
  const homes = {
    download: join(cacheFolder(), `${engineVersion}-${platform}-official`),
    build: join(cacheFolder(), `${engineVersion}-${platform}-built-${await buildKey()}`),
  };
  const ready = (): Engine | undefined => {
    for (const source of ["download", "build"] as const) {
      const bin = join(homes[source], "bin");
      if (existsSync(bin)) return { version: engineVersion, bin, source };
    }
    return undefined;
  };
  const bring = async (folder: string): Promise<string> => {
    const source = (await downloadEngine(engineVersion, folder, say)) ? "download" : "build";
    if (source === "build") await buildOrExplain(folder, say);
    return homes[source];
  };
  return kept(ready, bring, say);
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
