import stringWidth from "string-width";
import { visible } from "../text/visible.ts";
import { coloured } from "./colour.ts";

/** Columns under their headings, aligned as a terminal shows them: a Chinese character or an emoji takes two places. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [headings, ...rows.map((row) => row.map(visible))];
  // As arguments of one call, that many rows would be too many for the stack.
  const widths = headings.map((_, column) =>
    shown.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? "")), 0),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join("  ")
      .trimEnd();
  const [heading = "", ...others] = shown.map(line);
  return [coloured("bold", heading), ...others].map((text) => `${text}\n`).join("");
}
