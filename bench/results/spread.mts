/** The middle of some figures, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(figures: readonly number[]): Spread | undefined {
  const sorted = figures.toSorted((a, b) => a - b);
  const least = sorted[0];
  const most = sorted.at(-1);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.ceil((sorted.length - 1) / 2)];
  if (least === undefined || most === undefined || lower === undefined || upper === undefined) return undefined;
  return { median: (lower + upper) / 2, least, most };
}

/** `4.2 (3.9–4.8)`, or `4.2` where all figures look the same. */
export function show(spread: Spread | undefined, write: (figure: number) => string = digits): string {
  if (spread === undefined) return "–";
  const [median, least, most] = [spread.median, spread.least, spread.most].map(write);
  return least === most ? `${median}` : `${median} (${least}–${most})`;
}

/** Three digits that count, or all that stand before the point. */
export const digits = (figure: number): string =>
  figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
