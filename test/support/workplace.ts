import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type EmulatorOptions, startEmulator } from "../../src/emulator/index.ts";
import { command } from "./command.ts";
import { seed } from "./seed.ts";
import { stackEnvironment } from "./stack.ts";

/** An emulator with organizations, and an empty folder to run the command in. Both end with the test. */
export async function workplace(bodies: readonly object[] = [], options: EmulatorOptions = {}) {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  const folder = await mkdtemp(join(tmpdir(), "pulumi-scalekit-command-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ids = await seed(emulator, bodies);
  const env = stackEnvironment(folder, { ...emulator.environment });
  return {
    emulator,
    folder,
    ids,
    env,
    run: (...args: string[]) => command(args, { cwd: folder, env }),
    runWith: (stdin: string | Buffer, ...args: string[]) => command(args, { cwd: folder, env, stdin }),
    read: (file: string) => readFile(join(folder, file), "utf8"),
    write: (file: string, text: string) => writeFile(join(folder, file), text),
  };
}
