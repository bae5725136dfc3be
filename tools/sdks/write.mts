import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { output } from "../engine/process.mts";
import { pythonPackage } from "../schema/languages.mts";
import { schemaFile } from "../schema/schema.mts";

const root = join(import.meta.dirname, "..", "..");

/**
 * Writes the packages for Python and Go into `folder`, by the generators of the Pulumi CLI. `pulumi package add` writes the same in
 * a project of these languages.
 */
export async function writeSdks(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // As the CLI itself is built, so that what both need is compiled once.
  const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" };
  await output("go", ["run", "-trimpath", ".", join(root, schemaFile), folder], { cwd: import.meta.dirname, env });
  // The generated pyproject.toml looks for it there.
  await copyFile(join(folder, "python", pythonPackage, "README.md"), join(folder, "python", "README.md"));
}
