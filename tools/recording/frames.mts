import headless from "@xterm/headless";

/** Some characters that follow each other in one style. */
export interface Span {
  readonly text: string;
  /** The column that it begins in. */
  readonly at: number;
  /** A name of the sixteen colours of a terminal, such as `green`. */
  readonly colour: string | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
}

export type Row = readonly Span[];
export type Frame = readonly Row[];

const colours = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** As much as comes at once is shown by so many lines at a time. */
const linesAtOnce = 4;

/** What the screen shows until it is full, each time worth looking at: not each step of a clock that runs. */
export async function framesOf(
  pieces: readonly string[],
  { columns, rows }: { columns: number; rows: number },
): Promise<Frame[]> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const frames = new Map<string, Frame>();
  for (const piece of pieces.flatMap(smaller)) {
    await new Promise<void>((done) => terminal.write(piece, done));
    if (terminal.buffer.active.baseY > 0) break;
    const frame = frameOf(terminal);
    // Of frames that differ only in seconds, the last one stays.
    const key = textOf(frame).replaceAll(/\(\d+s\)\.*/g, "()");
    if (textOf(frame).trim() !== "") frames.set(key, frame);
  }
  return [...frames.values()];
}

function smaller(piece: string): string[] {
  const lines = piece.split(/(?<=\n)/);
  // A sequence that moves the cursor up draws the same lines again.
  if (lines.length <= linesAtOnce || /\[\d*A/.test(piece)) return [piece];
  const parts: string[] = [];
  for (let at = 0; at < lines.length; at += linesAtOnce) parts.push(lines.slice(at, at + linesAtOnce).join(""));
  return parts;
}

const textOf = (frame: Frame): string => frame.map((row) => row.map(({ text }) => text).join(" ")).join("\n");

function frameOf(terminal: InstanceType<typeof headless.Terminal>): Frame {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, y) => rowOf(active.getLine(active.viewportY + y)));
}

function rowOf(line: ReturnType<InstanceType<typeof headless.Terminal>["buffer"]["active"]["getLine"]>): Row {
  const spans: { text: string; at: number; colour: string | undefined; bold: boolean; dim: boolean }[] = [];
  for (let at = 0; line !== undefined && at < line.length; at++) {
    const cell = line.getCell(at);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = {
      colour: cell.isFgPalette() ? colours[cell.getFgColor() % 8] : undefined,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
    };
    const text = cell.getChars() || " ";
    const last = spans.at(-1);
    if (last?.bold === style.bold && last.dim === style.dim && last.colour === style.colour) last.text += text;
    else spans.push({ text, at, ...style });
  }
  const trimmed = spans.map((span) => ({
    ...span,
    at: span.at + (span.text.length - span.text.trimStart().length),
    text: span.text.trim(),
  }));
  return trimmed.filter(({ text }) => text !== "");
}
