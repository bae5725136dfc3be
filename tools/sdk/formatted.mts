import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The text of a file of this repository as `npm run format` leaves it, imports in order. */
export function formatted(file: string, text: string): string {
  const root = join(import.meta.dirname, "..", "..");
  const biome = join(root, "node_modules", ".bin", "biome");
  return execFileSync(biome, ["check", "--write", `--stdin-file-path=${file}`], {
    cwd: root,
    input: text,
    encoding: "utf8",
  });
}
