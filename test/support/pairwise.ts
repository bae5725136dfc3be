/** Values for each of some names. */
export type Levels = Readonly<Record<string, readonly unknown[]>>;
export type Row = Readonly<Record<string, unknown>>;

/** Every combination. */
export const product = (levels: Levels): Row[] =>
  Object.entries(levels).reduce<Row[]>(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  );

/** Rows in which every two values of two names come together at least once, few of them, and the same each time. */
export function pairwise(levels: Levels): Row[] {
  const names = Object.keys(levels);
  const open = new Set<string>();
  for (const [index, one] of names.entries()) {
    for (const other of names.slice(index + 1)) {
      for (const a of indices(levels, one)) for (const b of indices(levels, other)) open.add(pair(one, a, other, b));
    }
  }
  const rows: Row[] = [];
  while (open.size > 0) {
    const row: Record<string, number> = {};
    // The pair that has waited longest is in the row, and each other name takes what brings the most.
    const [first = ""] = open;
    const [one = "", a, other = "", b] = first.split("\0");
    row[one] = Number(a);
    row[other] = Number(b);
    for (const name of names.filter((own) => !(own in row))) {
      const gains = indices(levels, name).map(
        (index) => pairsOf({ ...row, [name]: index }, names, name).filter((p) => open.has(p)).length,
      );
      row[name] = gains.indexOf(Math.max(...gains));
    }
    for (const name of names) for (const covered of pairsOf(row, names, name)) open.delete(covered);
    rows.push(Object.fromEntries(names.map((name) => [name, levels[name]?.[row[name] ?? 0]])));
  }
  return rows;
}

const indices = (levels: Levels, name: string): number[] => [...(levels[name] ?? []).keys()];

const pair = (one: string, a: number, other: string, b: number): string => [one, a, other, b].join("\0");

/** The pairs of a name with the others that have a value. */
function pairsOf(row: Readonly<Record<string, number>>, names: readonly string[], name: string): string[] {
  const own = names.indexOf(name);
  return names.flatMap((other, index) => {
    const [a, b] = [row[name], row[other]];
    if (a === undefined || b === undefined || other === name) return [];
    return [own < index ? pair(name, a, other, b) : pair(other, b, name, a)];
  });
}
