import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { build } from "rolldown";
import { resourceTypes } from "../src/definitions/index.ts";
import { bundled, written } from "./bundled.mts";

/**
 * The second half of the build: puts the provider, with all that it loads, into a few files in place of what the
 * compiler has left of them. Every run of the engine starts a process that loads them, and 250 small files take almost
 * three times as long (`npm run bench:start`).
 */
await build({
  ...bundled,
  input: ["src/host/providers.ts", "src/host/engine.ts", "src/host/engine-stop.ts"],
  output: { ...written, dir: "dist/host" },
});

/** What programs load, likewise: the classes in one file, and in another the client, which only look-ups load. */
await build({
  ...bundled,
  input: { index: "src/index.ts", "sdk/native/index": "src/sdk/native/index.ts" },
  external: /^@pulumi\//,
  output: { ...written, dir: "dist", entryFileNames: "[name].js", chunkFileNames: "chunk-[name].js" },
});

/** The compile cache that starts before them, in one file too. It has to be separate, so that it finds them compiled. */
await build({
  ...bundled,
  input: "src/host/compile-cache.ts",
  output: { ...written, dir: "dist/host" },
});

/** What the text in the state of each resource loads: `pulumi-scalekit/Organization` and so on. */
mkdirSync("dist/entries");
for (const name of Object.keys(resourceTypes)) {
  writeFileSync(`dist/entries/${name}.js`, `module.exports = require("../host/provider.js").entryOf("${name}");\n`);
}

/** The native plugin, whole, since the engine starts it where no package of this project's is installed. */
await build({
  ...bundled,
  input: {
    start: "src/host/native/start.ts",
    provider: "src/host/native/main.ts",
    refuse: "src/host/native/refuse.ts",
  },
  output: { ...written, dir: "plugin", entryFileNames: "[name].js" },
});
copyFileSync("schema.json", "plugin/schema.json");
