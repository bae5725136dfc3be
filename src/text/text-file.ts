import { readFileSync } from "node:fs";

/** The text of a file that a user wrote or had written, by whatever tool. */
export const readText = (file: string): string => textIn(readFileSync(file));

/**
 * The text that bytes stand for, without its byte order mark. PowerShell's `>` writes UTF-16, and many a tool on Windows
 * begins UTF-8 with a mark. What is neither UTF-8 nor UTF-16 is refused and not guessed at: half of it would be wrong.
 */
export function textIn(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== noText) throw error;
    throw Object.assign(new Error("it is neither UTF-8 nor UTF-16; save it as UTF-8"), { code });
  }
}

/** The code of the error for bytes that stand for no text. */
export const noText = "ERR_ENCODING_INVALID_ENCODED_DATA";

/** By the mark, or else by where the zeros are, since all that is read here begins with a character of ASCII. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second)) return "utf-16be";
  return "utf-8";
}
