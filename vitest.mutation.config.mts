import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that need no engine, the fastest first, since most mutants are killed by a test of the first files. */
const files = [
  ...["check", "declaration", "protection", "claim-tokens", "diff", "debts", "journal", "claims", "environment"],
  ...["shared-lock", "expectations", "staleness", "create-errors", "converge"],
  ...["external-id-case", "golden-journal", "journal-shared", "journal-tail", "reserved", "connections", "declarable"],
  ...[
    "preview-conflict",
    "replacement",
    "ownership",
    "fields",
    "organization",
    "arguments",
    "fault-matrix",
    "golden-state",
  ],
  ...["create", "parity", "crash", "every-definition", "handover-together", "handover", "semantics"],
].map((name) => `test/lifecycle/${name}.test.ts`);

class FastestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => files.findIndex((file) => moduleId.endsWith(file));
    return specifications.toSorted((one, other) => place(one) - place(other));
  }
}

/** The tests that `npm run mutation` holds the lifecycle against. */
export default defineConfig({
  test: {
    include: files,
    testTimeout: 20_000,
    sequence: { sequencer: FastestFirst },
    env: { SWAP_RUNS: "5" },
  },
});
