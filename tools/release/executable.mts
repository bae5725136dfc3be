import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "rolldown";
import { bundled, written } from "../bundled.mts";
import { output } from "../engine/process.mts";
import { ensureNode, nodeIn } from "./node-binary.mts";
import { executableName, isFor, ownPlatform, type Platform } from "./platforms.mts";

const root = join(import.meta.dirname, "..", "..");

/** The plugin with all that it loads, in one file in `folder`. */
export async function bundlePlugin(folder: string): Promise<string> {
  const file = join(folder, "plugin.cjs");
  await build({
    ...bundled,
    cwd: root,
    input: "tools/release/plugin.ts",
    output: { format: written.format, strict: written.strict, banner: written.banner, file, codeSplitting: false },
  });
  return file;
}

/**
 * Puts the bundled plugin and Node.js into one file in `folder`, as Node.js itself does that: a "single executable application".
 *
 * @param say gets a line for each step that takes time
 */
export async function buildExecutable(
  { bundle, platform, folder }: { bundle: string; platform: Platform; folder: string },
  say: (line: string) => void,
): Promise<string> {
  const own = ownPlatform();
  if (own === undefined)
    throw new Error(`Nothing is built on ${process.platform}-${process.arch}: take Linux or a Mac.`);
  const builder = nodeIn(await ensureNode(own, say), own);
  const file = join(folder, executableName(platform));
  const plan = join(folder, "executable.json");
  const executable = nodeIn(await ensureNode(platform, say), platform);
  // A cache of compiled code would be for the system that builds, and differ with it.
  const options = { disableExperimentalSEAWarning: true, useCodeCache: false, useSnapshot: false };
  // Node.js writes this path into the executable, so it says nothing of where that was built.
  const main = basename(bundle);
  await writeFile(plan, JSON.stringify({ main, output: file, executable, ...options }));
  await output(builder, ["--build-sea", plan], { cwd: dirname(bundle), env: withoutOptions() });
  if (isFor("darwin", platform) && canSign) await output("codesign", ["--sign", "-", file]);
  return file;
}

/** Apple's own program signs, and a Mac starts nothing on its own processors that is not signed. */
export const canSign = process.platform === "darwin";

/** Starts an executable that is for this system, and waits for what the engine waits for: its port, or nothing. */
export async function portOf(file: string): Promise<number> {
  const plugin = spawn(file, { stdio: ["ignore", "pipe", "inherit"], env: withoutOptions() });
  try {
    const ended = once(plugin, "exit").then(([code]) => {
      throw new Error(`${file} ended with ${code} before it said where it listens.`);
    });
    const [line] = (await Promise.race([once(createInterface(plugin.stdout), "line"), ended])) as [string];
    return Number(line);
  } finally {
    plugin.kill("SIGKILL");
  }
}

/** Options of the Node.js that runs this are not for another one. */
const withoutOptions = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: "" });
