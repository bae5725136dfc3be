/**
 * A text that shows what it holds, on one line: characters that nobody can see, that turn the text around them, or that
 * command a terminal are escaped as JavaScript would. Whoever chose the text, it cannot pass for another.
 */
export const visible = (text: string): string =>
  text.replaceAll(/\p{C}|[^\P{Z} ]/gu, (character) =>
    [...Array(character.length).keys()].map((at) => escaped(character.charCodeAt(at))).join(""),
  );

/** The same for this package's own text, which keeps its line breaks. */
export const visibleLines = (text: string): string => text.split("\n").map(visible).join("\n");

const short = new Map([
  [9, "\\t"],
  [10, "\\n"],
  [13, "\\r"],
]);

const escaped = (unit: number): string => short.get(unit) ?? `\\u${unit.toString(16).padStart(4, "0")}`;
