import { defineConfig } from "vitest/config";

/** The tests that `npm run mutation` holds the lifecycle and the retries against: those that need no engine. */
export default defineConfig({
  test: {
    include: [
      "test/lifecycle/{check,claims,crash,create,diff,every-definition,handover,journal,organization,ownership,parity,replacement,semantics}.test.ts",
      "test/api/{retry,transport,limits,client}.test.ts",
    ],
    testTimeout: 20_000,
  },
});
