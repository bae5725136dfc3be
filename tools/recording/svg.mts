import type { Frame, Row } from "./frames.mts";

const fontSize = 14;
const columnWidth = 8.43;
const rowHeight = 19;
const margin = 16;

/** Colours that can be read on their background, by the names that a terminal has for them. */
const themes = {
  light: {
    background: "#ffffff",
    border: "#d0d7de",
    text: "#1f2328",
    red: "#cf222e",
    green: "#116329",
    yellow: "#7d4e00",
    blue: "#0550ae",
    magenta: "#6e40c9",
    cyan: "#1b6b72",
  },
  dark: {
    background: "#0d1117",
    border: "#3d444d",
    text: "#e6edf3",
    red: "#ff7b72",
    green: "#56d364",
    yellow: "#e3b341",
    blue: "#79c0ff",
    magenta: "#d2a8ff",
    cyan: "#76e3ea",
  },
} as const;

/** What was on a terminal as a picture that plays once, in the reader's light or dark; the last frame where nothing may move. */
export function svgOf(
  frames: readonly Frame[],
  { columns, rows, seconds, title }: { columns: number; rows: number; seconds: number; title: string },
): string {
  const width = Math.ceil(columns * columnWidth + 2 * margin);
  const height = rows * rowHeight + 2 * margin;
  const last = frames.length - 1;
  // A row that several frames show stands once in the file.
  const ids = new Map<string, string>();
  const groups = frames.map((frame, at) => {
    const uses = frame.flatMap((row, y) => {
      const text = textFor(row);
      if (text === "") return [];
      const id = ids.get(text) ?? `r${ids.size}`;
      ids.set(text, id);
      return [`<use href="#${id}" y="${margin + y * rowHeight + fontSize}"/>`];
    });
    const frameClass = at === last ? 'class="last"' : `class="f" style="animation-delay:${(at * seconds).toFixed(1)}s"`;
    return `<g ${frameClass}>${uses.join("")}</g>`;
  });
  const defined = [...ids].map(([text, id]) => `<text id="${id}" xml:space="preserve">${text}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
${cssOf("light")}
@media (prefers-color-scheme: dark) {
${cssOf("dark")}
}
text { font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: var(--text) }
.b { font-weight: 700 } .d { opacity: .7 }
.f { visibility: hidden; animation: shown ${seconds}s step-end 1 }
.last { visibility: visible; animation: awaited ${(last * seconds).toFixed(1)}s step-end 1 }
@keyframes shown { from { visibility: visible } to { visibility: hidden } }
@keyframes awaited { from { visibility: hidden } to { visibility: visible } }
@media (prefers-reduced-motion: reduce) { .f, .last { animation: none } }
</style>
<defs>
${defined.join("\n")}
</defs>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="var(--background)" stroke="var(--border)"/>
${groups.join("\n")}
</svg>
`;
}

function cssOf(theme: keyof typeof themes): string {
  const variables = Object.entries(themes[theme]).map(([name, colour]) => `--${name}: ${colour}`);
  return `svg { ${variables.join("; ")} }`;
}

const textFor = (row: Row): string =>
  row
    .map(({ text, at, colour, bold, dim }) => {
      const classes = [bold ? "b" : "", dim ? "d" : ""].filter(Boolean).join(" ");
      const fill = colour !== undefined && colour in themes.light ? ` style="fill:var(--${colour})"` : "";
      const x = (margin + at * columnWidth).toFixed(1);
      // The width keeps columns in line, whatever font there is.
      const length = (text.length * columnWidth).toFixed(1);
      return `<tspan x="${x}" textLength="${length}"${classes && ` class="${classes}"`}${fill}>${escaped(text)}</tspan>`;
    })
    .join("");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
