import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { RenderedChunk } from "rolldown";

/** How every bundle of this package is read, and how it is written. */
export const bundled = {
  platform: "node",
  tsconfig: "tsconfig.build.json",
  resolve: { alias: { undici$: join(import.meta.dirname, "undici.cjs") } },
} as const;
export const written = { format: "cjs", strict: true, banner: licensesOf, chunkFileNames: "[name].js" } as const;

/** The licenses of the packages in `chunk`, and of what these have taken from others, as all of them ask for. */
function licensesOf(chunk: RenderedChunk): string {
  const packages = chunk.moduleIds.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(packages)].flatMap(licensesIn).join("");
}

function licensesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^licen[cs]e(\.\w+)?$/i.test(basename(file)),
  );
  if (files.length === 0) throw new Error(`${folder} has no license to put into the bundle`);
  return files.map(
    (file) => `/*!\n${basename(folder)}/${file}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n*/\n`,
  );
}
