import { type ExecFileOptions, execFile, type SpawnOptions, spawn } from "node:child_process";

/** What a command prints. Rejects with the end of its error output when it fails. */
export const output = (command: string, args: readonly string[], options: ExecFileOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 64 * 1024 * 1024, ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")} failed: ${tail(stderr) || error.message}`, { cause: error }));
    });
  });

const tail = (text: string): string => text.trim().split("\n").slice(-20).join("\n");

/** Runs a command in the foreground, on this terminal, and gives its exit code. */
export const run = (command: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", ...options });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
