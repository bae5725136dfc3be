import { defineConfig } from "vitest/config";

/** The tests that `npm run mutation` holds the lifecycle and the retries against: those that need no engine. */
export default defineConfig({
  test: {
    include: [
      "test/{check,converge,create,diff,guard,handover,journal,lifecycle,ownership}.test.ts",
      "test/{retry,transport,limits,client}.test.ts",
    ],
    testTimeout: 20_000,
  },
});
