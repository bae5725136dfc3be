/**
 * Parses JSON. Its errors name the place and, unlike JavaScript's own, never quote the text there, which may be a
 * secret.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const [place] = /line \d+ column \d+(?=\)$)/.exec(message) ?? [];
    if (place !== undefined) throw new SyntaxError(`it is not JSON at ${place}`);
    throw new SyntaxError(/end of JSON input/.test(message) ? "it is not JSON: it ends too early" : "it is not JSON");
  }
}
