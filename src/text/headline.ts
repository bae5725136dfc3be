/**
 * A message with a short first line. The engine shows the whole message once, and its first line in each progress row of the
 * resource.
 */
export function withHeadline(message: string): string {
  const [, line, rest] = /^([^\n]*?[.:]) (.*)$/s.exec(message) ?? [];
  return line === undefined ? message : `${line}\n${rest}`;
}
