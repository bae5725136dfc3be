import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, kept } from "../engine/kept.mts";
import { output } from "../engine/process.mts";
import { isFor, type Platform, platforms } from "./platforms.mts";

/**
 * The folder of Node.js for a system, as {@link nodeIn} knows it: from the npm registry, once for this user.
 *
 * @param say gets a line for each step that takes time
 */
export async function ensureNode(platform: Platform, say: (line: string) => void): Promise<string> {
  const wanted = platforms[platform];
  const home = join(cacheFolder(), wanted.package.replace("@", "-"));
  return kept(
    () => (existsSync(home) ? home : undefined),
    async (folder) => {
      say(`Bringing Node.js for ${platform}, the package ${wanted.package}.`);
      await download(wanted, folder);
      return home;
    },
    say,
  );
}

/** The program in what {@link ensureNode} gives. */
export const nodeIn = (folder: string, platform: Platform): string =>
  join(folder, "package", "bin", isFor("windows", platform) ? "node.exe" : "node");

async function download(wanted: (typeof platforms)[Platform], folder: string): Promise<void> {
  const asked = ["pack", wanted.package, "--json", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(await output("npm", asked)) as [{ filename: string }];
  const file = join(folder, filename);
  const found = `sha512-${createHash("sha512")
    .update(await readFile(file))
    .digest("base64")}`;
  if (found !== wanted.integrity) {
    throw new Error(
      `The registry's package ${wanted.package} is not the one that tools/release/platforms.mts names: ` +
        `its sum is ${found} in place of ${wanted.integrity}. Nothing was built of it.`,
    );
  }
  await output("tar", ["-xzf", file, "-C", folder]);
  await rm(file);
}
