import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** A text in a colour, where the stream that it goes to shows any: NO_COLOR, FORCE_COLOR and a file decide as in Node.js. */
export const coloured = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  text === "" ? text : styleText(style, text, { stream });

/** The same, whatever it goes to. */
export const alwaysColoured = (style: Style, text: string): string => styleText(style, text, { validateStream: false });

export const hasColours = (stream: NodeJS.WriteStream): boolean => coloured("bold", "x", stream) !== "x";
