import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScalekitPolicyPackOptions } from "../../src/policy/index.ts";
import type { Stack } from "./story.ts";

/** Writes a pack beside the program, and gives the arguments that have it enforced. */
export async function packIn(
  { folder }: Stack,
  options: ScalekitPolicyPackOptions,
  config?: object,
): Promise<string[]> {
  const home = join(folder, "pack");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(home, "package.json"), '{"name":"pack","version":"1.0.0","main":"index.js"}');
  const program = `require("pulumi-scalekit/policy").scalekitPolicyPack(${JSON.stringify(options)});`;
  await writeFile(join(home, "index.js"), program);
  if (config === undefined) return ["--policy-pack", "pack"];
  await writeFile(join(home, "config.json"), JSON.stringify(config));
  return ["--policy-pack", "pack", "--policy-pack-config", "pack/config.json"];
}
