import { visible } from "../text/visible.ts";

/** A line on stderr now and then about work that takes long, and none about work that does not. */
export function progress(options: { json?: true }): (line: () => string) => void {
  // Where no person looks on and the output is for a program, nobody would read it.
  if (options.json && !process.stderr.isTTY) return () => {};
  let next = Date.now() + interval;
  return (line) => {
    if (Date.now() < next) return;
    next = Date.now() + interval;
    process.stderr.write(`${visible(line())}\n`);
  };
}

const interval = 2_000;
