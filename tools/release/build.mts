import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archive } from "./archive.mts";
import { buildExecutable, bundlePlugin, portOf } from "./executable.mts";
import { ensureNode } from "./node-binary.mts";
import { archiveName, checksumsName, executableName, ownPlatform, type Platform } from "./platforms.mts";

const root = join(import.meta.dirname, "..", "..");

export interface Built {
  readonly platform: Platform;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Builds the archives that `pulumi plugin install` takes, and writes their checksums, into `out`. Leaves nothing half done there.
 *
 * @param say told what takes time, a line at a time
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
      const sha256 = createHash("sha256").update(packed).digest("hex");
      built.push({ platform, file, bytes: packed.length, sha256 });
      say(
        `${index + 1} of ${chosen.length}: ${file}, ${isOwn ? "and it starts" : "not started, since it is for another system"}`,
      );
    }
    await writeFile(join(out, checksumsName(version)), checksums(built));
    return built;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** As `sha256sum --check` reads it. */
export const checksums = (built: readonly Pick<Built, "file" | "sha256">[]): string =>
  built.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join("");

/** The license of Node.js, which the packages for Windows leave out. */
async function nodeLicense(platform: Platform, say: (line: string) => void): Promise<string> {
  for (const name of [platform, ownPlatform() ?? platform]) {
    const file = join(await ensureNode(name, say), "package", "LICENSE");
    if (existsSync(file)) return file;
  }
  throw new Error(`The package with Node.js for ${platform} has no license to put into the archive.`);
}
