import { existsSync } from "node:fs";
import { copyFile, link, mkdir, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { building, goIn, keyOf, missingForBuild } from "./build.mts";
import type { Engine } from "./engine.mts";
import { cacheFolder, kept } from "./kept.mts";

const module = join(import.meta.dirname, "yaml");
const host = "pulumi-language-yaml";

/**
 * The engine with the language host for YAML beside it. The official releases have it; for a built CLI it is built from its Go module.
 *
 * @param say gets a line for each step that takes time
 */
export async function ensureYamlHost(engine: Engine, say: (line: string) => void = () => {}): Promise<Engine> {
  if (existsSync(join(engine.bin, host))) return engine;
  const key = await keyOf(["go.mod", "go.sum"].map((file) => join(module, file)));
  // A built engine's folder names what it was built from; one on PATH is known by its version.
  const origin = engine.source === "path" ? `${engine.version}-path` : basename(dirname(engine.bin));
  const home = join(cacheFolder(), `${origin}-yaml-${key}`);
  const ready = (): Engine | undefined => {
    const bin = join(home, "bin");
    return existsSync(bin) ? { ...engine, bin } : undefined;
  };
  return kept(ready, (folder) => build(engine, join(folder, "bin")).then(() => home), say);

  async function build(from: Engine, bin: string): Promise<void> {
    const missing = await missingForBuild();
    if (missing) {
      throw new Error(
        `The Pulumi CLI in ${from.bin} has no language host for YAML beside it, and it cannot be built: ${missing}. ` +
          "Install Pulumi (https://www.pulumi.com/docs/install/), or Go (https://go.dev/doc/install), and run this again.",
      );
    }
    await mkdir(bin, { recursive: true });
    // In one folder with the CLI, or each command warns of a plugin "from $PATH".
    for (const name of await readdir(from.bin)) {
      if (name.startsWith("pulumi")) await place(join(from.bin, name), join(bin, name));
    }
    const go = goIn(module);
    await building("the Pulumi language host for YAML", say, async () => {
      const flags = ["-trimpath", "-ldflags", "-s -w"];
      await go("build", ...flags, "-o", join(bin, host), `github.com/pulumi/pulumi-yaml/cmd/${host}`);
    });
  }
}

/** A second name of a file costs no space, where its file system gives one. */
const place = (from: string, to: string): Promise<void> => link(from, to).catch(() => copyFile(from, to));
