import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { goIn } from "../../engine/build.mts";

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/**
 * Builds Pulumi's own language hosts for Go and Python into `folder`: the last ones that a module proxy serves. Today's are modules
 * of their own, which it serves at no version. These run programs for today's CLI, and cannot generate packages.
 */
export async function buildHosts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const go = goIn(import.meta.dirname);
  await go("build", "-trimpath", "-o", `${folder}/`, "tool");
  // What the host for Python runs a program with.
  const home = (await go("list", "-m", "-f", "{{.Dir}}", sdk)).trim();
  const script = "pulumi-language-python-exec";
  await copyFile(join(home, "python", "cmd", script), join(folder, script));
  await chmod(join(folder, script), 0o755);
}
