import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import manifest from "../../package.json" with { type: "json" };
import { type Engine, engines, ensureEngine, ensureEngineOf } from "../../tools/engine/engine.mts";
import { npmInstall, packed } from "./installed.ts";

/**
 * Brings the real engine before the first test, once for all of them. With `VERSIONS=oldest` that is the oldest CLI that this package
 * works with, and programs run on the oldest SDK; with `VERSIONS=newest` the newest, whatever is on PATH.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const which = process.env["VERSIONS"];
  if (which !== undefined && which !== "oldest" && which !== "newest")
    throw new Error(`VERSIONS is ${which}: it is "oldest" or "newest"`);
  const engine = await (which === undefined ? ensureEngine(say) : ensureEngineOf(which, say));
  const folder = which === "oldest" ? await oldestModules() : undefined;
  const modules = join(folder ?? resolve(import.meta.dirname, "..", ".."), "node_modules");
  const sdk = createRequire(join(modules, "of-a-program.js"))("@pulumi/pulumi/package.json") as { version: string };
  project.provide("engine", engine);
  project.provide("modules", modules);
  project.provide("sdk", sdk.version);
  if (which !== undefined) say(`Stories on the Pulumi CLI ${engines[which].version} with SDK ${sdk.version}.`);
  return folder === undefined ? undefined : () => rm(folder, { recursive: true, force: true });
}

/** A folder with this package as it ships, and the oldest SDK that it names. */
async function oldestModules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-oldest-"));
  await writeFile(join(folder, "package.json"), '{"private":true}');
  const { tarball } = await packed(folder);
  await npmInstall(folder, tarball, `@pulumi/pulumi@${manifest.peerDependencies["@pulumi/pulumi"].replace("^", "")}`);
  return folder;
}

declare module "vitest" {
  interface ProvidedContext {
    engine: Engine;
    /** What the programs of stories load from. */
    modules: string;
    /** The version of Pulumi's SDK there. */
    sdk: string;
  }
}
