import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ScalekitError } from "../errors.ts";

/** The Pulumi CLI on PATH, run in the current folder. */

/** What a command prints. If it fails, throws an error with its own words. */
export async function pulumiOutput(args: readonly string[]): Promise<string> {
  const ended = await pulumiEnded(args);
  if (ended.code === 0) return ended.stdout;
  const said =
    ended.stderr
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^error: /, "") ?? "";
  throw new ScalekitError(`\`pulumi ${args.join(" ")}\` ended with ${ended.code}${said ? `: ${said}` : ""}`);
}

/** How a command ended, also if it failed. */
export const pulumiEnded = (args: readonly string[], env?: NodeJS.ProcessEnv) =>
  start([...args, "--non-interactive"], ["ignore", "pipe", "pipe"], env);

/** Runs a command that the user sees and answers, and returns its exit code. Its output goes to stderr if stdout is taken. */
export async function pulumiRun(
  args: readonly string[],
  stdoutIsTaken: boolean,
  env?: NodeJS.ProcessEnv,
): Promise<number> {
  // Pulumi hears Ctrl-C too, and ends in order.
  const deaf = () => {};
  process.on("SIGINT", deaf);
  try {
    return (await start(args, ["inherit", stdoutIsTaken ? 2 : "inherit", "inherit"], env)).code;
  } finally {
    process.off("SIGINT", deaf);
  }
}

/** The arguments that name a stack, or leave it to be the selected one. */
export const onStack = (stack: string | undefined): string[] => (stack === undefined ? [] : ["--stack", stack]);

/** The folder of the Pulumi project that the current folder is in. */
export function projectFolder(from = process.cwd()): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (projectFiles.some((name) => isFile(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** As Pulumi looks for it: a folder of that name is none. */
export const projectFiles = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === false;

async function start(
  args: readonly string[],
  stdio: ["ignore" | "inherit", "pipe" | "inherit" | 2, "pipe" | "inherit"],
  env?: NodeJS.ProcessEnv,
) {
  const child = spawn("pulumi", args, { stdio, ...(env && { env }) });
  // Ctrl-C reaches the run by itself, and this signal does not: without it the run would go on unseen.
  const passOn = () => void child.kill("SIGTERM");
  process.on("SIGTERM", passOn);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  }
  const ended = new Promise<{ code: number; stdout: string; stderr: string }>((done, fail) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      fail(
        error.code === "ENOENT"
          ? new ScalekitError(
              "The Pulumi CLI is not on PATH. Install it: https://www.pulumi.com/docs/iac/download-install/",
            )
          : error,
      ),
    );
    child.on("close", (code) => done({ code: code ?? 1, ...output }));
  });
  return ended.finally(() => process.off("SIGTERM", passOn));
}
