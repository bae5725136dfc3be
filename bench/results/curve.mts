/** `start + perOne·N + perPair·N²`, in seconds. */
export interface Curve {
  readonly start: number;
  readonly perOne: number;
  readonly perPair: number;
}

/** What a curve says for so many. */
export const at = ({ start, perOne, perPair }: Curve, size: number): number =>
  start + perOne * size + perPair * size * size;

/**
 * The curve that comes nearest to the points, by least squares of the relative errors, so that the small ones count as
 * much as the large. Nothing takes less than no time: of all choices of terms, the best without a negative one is taken.
 */
export function fitCurve(points: readonly { readonly size: number; readonly seconds: number }[]): Curve | undefined {
  // Sizes as parts of the largest, or their squares would drown the rest in the arithmetic.
  const largest = Math.max(...points.map(({ size }) => size));
  let best: { curve: Curve; error: number } | undefined;
  for (const chosen of choices) {
    const solved = leastSquares(
      points.map(({ size, seconds }) => chosen.map((power) => (size / largest) ** power / seconds)),
    );
    if (solved === undefined || solved.some((factor) => factor < 0)) continue;
    const factor = (power: number) => (solved[chosen.indexOf(power)] ?? 0) / largest ** power;
    const curve = { start: factor(0), perOne: factor(1), perPair: factor(2) };
    const error = points.reduce((sum, { size, seconds }) => sum + (at(curve, size) / seconds - 1) ** 2, 0);
    // If two are as good, the one with fewer terms wins; it comes first.
    if (best === undefined || error < best.error - 1e-12) best = { curve, error };
  }
  return best?.curve;
}

/** Which powers of the size have a part in it. */
const choices = [[1], [2], [0], [0, 1], [0, 2], [1, 2], [0, 1, 2]];

/** The factors by which the rows' products come nearest to 1, from the normal equations. */
function leastSquares(rows: readonly (readonly number[])[]): number[] | undefined {
  const width = rows[0]?.length ?? 0;
  if (rows.length === 0 || rows.length < width) return undefined;
  const value = (row: readonly number[], column: number) => row[column] ?? 0;
  const equations = Array.from({ length: width }, (_, i) => [
    ...Array.from({ length: width }, (_, j) => rows.reduce((sum, row) => sum + value(row, i) * value(row, j), 0)),
    rows.reduce((sum, row) => sum + value(row, i), 0),
  ]);
  // `entries` goes over the rows as they are by then.
  for (const [pivot, equation] of equations.entries()) {
    const head = value(equation, pivot);
    if (Math.abs(head) < Number.EPSILON * Math.max(...equation.map(Math.abs))) return undefined;
    for (const [index, other] of equations.entries()) {
      if (index === pivot) continue;
      const factor = value(other, pivot) / head;
      equations[index] = other.map((figure, column) => figure - factor * value(equation, column));
    }
  }
  return equations.map((equation, index) => value(equation, width) / value(equation, index));
}
