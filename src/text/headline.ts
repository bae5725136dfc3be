/**
 * A message with a short first line. Besides the message itself, the engine shows its first line with the resource, each time
 * that it says how far that is.
 */
export function withHeadline(message: string): string {
  const [, line, rest] = /^([^\n]*?[.:]) (.*)$/s.exec(message) ?? [];
  return line === undefined ? message : `${line}\n${rest}`;
}
