import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { repository } from "./stack.ts";

const exec = promisify(execFile);

export interface PackedFile {
  readonly path: string;
  readonly mode: number;
}

/** Packs the package as it would be published, into `folder`. */
export async function packed(folder: string): Promise<{ tarball: string; files: readonly PackedFile[] }> {
  // Without scripts: the build has run, and others are reading it now.
  const { stdout } = await exec("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
    cwd: repository,
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: PackedFile[] }];
  return { tarball: join(folder, `${manifest.name}-${manifest.version}.tgz`), files };
}

export const npmInstall = (cwd: string, ...packages: string[]) =>
  exec("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], { cwd });
