import { spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "./stack.ts";

/** What one run of `pulumi-scalekit` showed on a terminal, with all that moves and colours it. */
export function onTerminal(
  args: readonly string[],
  {
    cwd,
    env,
    columns = 80,
    term = "xterm-256color",
  }: { cwd: string; env: NodeJS.ProcessEnv; columns?: number; term?: string },
): Promise<{ code: number; text: string }> {
  const line = [process.execPath, join(repository, "dist", "cli", "main.js"), ...args].map(quoted).join(" ");
  // A terminal of its own, as a person's: `script` is in every Linux.
  const child = spawn("script", ["-qefc", `stty cols ${columns} rows 24; exec ${line}`, "/dev/null"], {
    cwd,
    // Of a CI system Node.js believes that it shows no colours.
    env: { ...env, TERM: term, CI: undefined },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
  });
  return new Promise((done, fail) => {
    child.on("error", fail).on("close", (code) => done({ code: code ?? 1, text }));
  });
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
