import { defineConfig } from "vitest/config";

/** What `npm run stories` adds: it takes minutes, and says what other tests say of one provider, one key or fewer languages, or takes a download. */
const slow = [
  "test/sdks.test.ts",
  "test/engine/forced-replacement-changes.test.ts",
  "test/engine/git-tag.test.ts",
  "test/engine/moving-fresh.test.ts",
  "test/engine/moving-halves.test.ts",
  "test/engine/moving-recorded.test.ts",
  "test/engine/moving-replacement.test.ts",
  "test/engine/moving-sets.test.ts",
  "test/engine/moving-swaps.test.ts",
  "test/engine/native-adopt.test.ts",
  "test/engine/native-programs.test.ts",
  "test/engine/release.test.ts",
  "test/engine/slug-swaps.test.ts",
];

/** What `npm run versions` runs on the oldest CLI and SDK, and on the newest. */
const onVersions = ["versions", "life", "drift", "adopt", "secrets", "plain-secrets", "crash"].concat([
  "native-life",
  "native-import",
  "native-secrets",
  "native-crash",
]);

export default defineConfig({
  test: {
    include: process.env["VERSIONS"] ? onVersions.map((name) => `test/engine/${name}.test.ts`) : ["test/**/*.test.ts"],
    exclude: process.env["STORIES"] === "all" ? [] : slow,
    globalSetup: ["test/support/engine.ts"],
    // The stories wait for the engine as well as compute, so there are some more of them at once than processors; with
    // many more, each takes so long that its time could run out on a busy machine.
    maxWorkers: 3,
    maxConcurrency: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // A second, as it is by default, is not long on a busy machine.
    expect: { poll: { timeout: 60_000 } },
    reporters: ["default", "./test/support/closing-line.ts"],
  },
});
