import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archive } from "./archive.mts";
import { buildExecutable, bundlePlugin, portOf } from "./executable.mts";
import { ensureNode } from "./node-binary.mts";
import { allPlatforms, archiveName, checksumsName, executableName, ownPlatform, type Platform } from "./platforms.mts";

const root = join(import.meta.dirname, "..", "..");

export interface Built {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Builds the archives that `pulumi plugin install` takes, and writes their checksums, into `out`. Leaves nothing half done there.
 *
 * @param say gets a line for each step that takes time
 */
export async function buildRelease(
  { version, chosen, out }: { version: string; chosen: readonly Platform[]; out: string },
  say: (line: string) => void,
): Promise<Built[]> {
  await mkdir(out, { recursive: true });
  const work = await mkdtemp(join(out, "unfinished-"));
  try {
    const bundle = await bundlePlugin(work);
    const built: Built[] = [];
    for (const [index, platform] of chosen.entries()) {
      const folder = join(work, platform);
      await mkdir(folder);
      const executable = await buildExecutable({ bundle, platform, folder }, say);
      const isOwn = platform === ownPlatform();
      if (isOwn) await portOf(executable);
      const packed = await archive([
        { name: "LICENSE", file: join(root, "LICENSE") },
        { name: "LICENSE.nodejs", file: await nodeLicense(platform, say) },
        { name: executableName(platform), file: executable, isExecutable: true },
      ]);
      const file = archiveName(version, platform);
      await writeFile(join(folder, file), packed);
      await copyFile(join(folder, file), join(out, file));
      await rm(folder, { recursive: true });
      built.push({ file, bytes: packed.length });
      say(
        `${index + 1} of ${chosen.length}: ${file}, ${isOwn ? "and it starts" : "not started, since it is for another system"}`,
      );
    }
    await writeChecksums(version, out);
    return built;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Writes the checksums of all archives in the folder, as `sha256sum --check` reads them, for not all are built on one machine. */
export async function writeChecksums(version: string, folder: string): Promise<void> {
  const there = new Set(await readdir(folder));
  const lines: string[] = [];
  for (const platform of allPlatforms) {
    const file = archiveName(version, platform);
    if (!there.has(file)) continue;
    const bytes = await readFile(join(folder, file));
    lines.push(`${createHash("sha256").update(bytes).digest("hex")}  ${file}\n`);
  }
  await writeFile(join(folder, checksumsName(version)), lines.join(""));
}

/** The license of Node.js, which the packages for Windows leave out. */
async function nodeLicense(platform: Platform, say: (line: string) => void): Promise<string> {
  for (const name of [platform, ownPlatform() ?? platform]) {
    const file = join(await ensureNode(name, say), "package", "LICENSE");
    if (existsSync(file)) return file;
  }
  throw new Error(`The package with Node.js for ${platform} has no license to put into the archive.`);
}
