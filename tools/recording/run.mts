import { spawn } from "node:child_process";

/** The size of the terminal that is recorded. */
export const columns = 92;
export const rows = 36;

/** All that a command writes on a terminal of its own, piece by piece as it comes. `script` of util-linux makes the terminal. */
export async function runOnTerminal(
  command: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string[]> {
  const child = spawn("script", ["-qefc", `stty cols ${columns} rows ${rows}; ${command}`, "/dev/null"], {
    cwd: options.cwd,
    env: { ...options.env, TERM: "xterm-256color", COLORTERM: "truecolor" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pieces: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => pieces.push(text));
  const code = await new Promise<number>((done, fail) => {
    child.on("error", fail).on("close", (ended) => done(ended ?? 1));
  });
  if (code !== 0) throw new Error(`\`${command}\` ended with ${code}:\n${pieces.join("")}`);
  return pieces;
}
