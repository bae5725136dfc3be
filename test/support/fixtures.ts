import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A whole body as the API's public documents show it, taken for a fact by the tests of both sides of the wire. */
export const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../fixtures", `${name}.json`), "utf8"));
