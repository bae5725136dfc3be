import { execFile } from "node:child_process";
import { join } from "node:path";
import { repository } from "./stack.ts";

/** What one run of `pulumi-scalekit` came to. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin?: string | Buffer;
}

/** Runs the built command as a process of its own, and leaves out how far it was when: a slow machine has it said more often. */
export async function command(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const ended = await talkativeCommand(args, surroundings);
  return { ...ended, stderr: ended.stderr.replaceAll(/^(?:Read|Compared) \d+ [\w ]*so far\.\n/gm, "") };
}

/** Runs the built command as a process of its own, with all that it says. */
export const talkativeCommand = (args: readonly string[], { cwd, env, stdin }: Surroundings): Promise<Ended> =>
  new Promise((done) => {
    const child = execFile(
      process.execPath,
      [join(repository, "dist", "cli", "main.js"), ...args],
      { cwd, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        done({ code, stdout, stderr });
      },
    );
    if (stdin === undefined) child.stdin?.end();
    // As of a producer that takes its time: what reads too early finds nothing there.
    else setTimeout(() => child.stdin?.end(stdin), 1500);
  });
