import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { coverageDocument } from "./docs/coverage.mts";
import { referenceDocument } from "./docs/reference.mts";

// Writes the documents that follow from the code; test/docs.test.ts fails if they are out of date.
const folder = join(import.meta.dirname, "..", "docs");
await writeFile(join(folder, "reference.md"), referenceDocument());
await writeFile(join(folder, "coverage.md"), await coverageDocument());
