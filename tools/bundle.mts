import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, type RenderedChunk } from "rolldown";

/**
 * The second half of the build: puts the provider, with all that it loads, into three files in place of what the
 * compiler has left of them. Every run of the engine starts a process that loads them, and 250 small files take almost
 * three times as long (`npm run bench:start`).
 */
await build({
  input: ["src/host/providers.ts", "src/host/engine.ts"],
  platform: "node",
  tsconfig: "tsconfig.build.json",
  resolve: { alias: { undici$: join(import.meta.dirname, "undici.cjs") } },
  output: {
    dir: "dist/host",
    format: "cjs",
    strict: true,
    banner: licensesOf,
  },
});

/** What comes before them, in one file too: it is there to have them found compiled, so it is no part of them. */
await build({
  input: "src/host/compile-cache.ts",
  platform: "node",
  tsconfig: "tsconfig.build.json",
  output: { dir: "dist/host", format: "cjs", strict: true },
});

/** The native plugin, whole, since the engine starts it where no package of this project's is installed. */
await build({
  input: {
    start: "src/host/native/start.ts",
    provider: "src/host/native/main.ts",
    refuse: "src/host/native/refuse.ts",
  },
  platform: "node",
  tsconfig: "tsconfig.build.json",
  resolve: { alias: { undici$: join(import.meta.dirname, "undici.cjs") } },
  output: {
    dir: "plugin",
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    format: "cjs",
    strict: true,
    banner: licensesOf,
  },
});
await copyFile("schema.json", "plugin/schema.json");

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
