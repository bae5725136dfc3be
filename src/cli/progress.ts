import stringWidth from "string-width";
import { movesCursor } from "../config/terminal.ts";
import { visible } from "../text/visible.ts";
import { coloured } from "./colour.ts";

/** Reports the progress of work that takes long, and nothing of work that does not. */
export interface Progress {
  /**
   * @param what in the plural, such as `organizations`
   * @param total how many there will be, if that is known
   */
  tell(what: string, done: number, total?: number, verb?: "Read" | "Compared"): void;
}

/** Shows how far the work is until it ends: a bar on a terminal, and elsewhere a line on stderr now and then. */
export async function withProgress<T>(options: { json?: true }, work: (progress: Progress) => Promise<T>): Promise<T> {
  using shown = shownOn(process.stderr, options);
  return await work(shown);
}

function shownOn(stderr: NodeJS.WriteStream, { json }: { json?: true }): Progress & Disposable {
  if (stderr.isTTY && movesCursor()) return bar(stderr);
  // If the output is for a program and stderr is no terminal, nobody would read it.
  return json && !stderr.isTTY ? { tell() {}, [Symbol.dispose]() {} } : lines(stderr);
}

function lines(stream: NodeJS.WriteStream): Progress & Disposable {
  let said = "";
  return every(2_000, ({ what, done, total, verb = "Read" }) => {
    const line = visible(`${verb} ${amount(done, total)} ${what} so far.`);
    if (line !== said) stream.write(`${line}\n`);
    said = line;
  });
}

function bar(stream: NodeJS.WriteStream): Progress & Disposable {
  let isShown = false;
  const drawing = every(200, ({ what, done, total }) => {
    const [before, after] = [visible(what), amount(done, total)];
    const room = Math.min(stream.columns || 80, 80) - stringWidth(before) - stringWidth(after) - 6;
    const filled = Math.round((room * Math.min(done, total ?? 0)) / (total || 1));
    const drawn =
      total === undefined || room < 5
        ? ""
        : `${coloured("green", "█".repeat(filled), stream)}${coloured("gray", "░".repeat(room - filled), stream)}  `;
    stream.write(`\r${before}  ${drawn}${after}\u001b[K`);
    isShown = true;
  });
  return {
    ...drawing,
    [Symbol.dispose]() {
      drawing[Symbol.dispose]();
      if (isShown) stream.write("\r\u001b[K");
    },
  };
}

interface State {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly verb: "Read" | "Compared" | undefined;
}

/** Shows how far the work is, every so many milliseconds, whether it moves or waits. */
function every(milliseconds: number, show: (state: State) => void): Progress & Disposable {
  let state: State | undefined;
  const timer = setInterval(() => {
    if (state !== undefined) show(state);
  }, milliseconds).unref();
  return {
    tell(what, done, total, verb) {
      state = { what, done, total, verb };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const amount = (done: number, total: number | undefined): string =>
  total === undefined || total < done ? String(done) : `${done} of ${total}`;
