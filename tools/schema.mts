import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { schemaFile, schemaText } from "./schema/schema.mts";

// Writes the schema that follows from the definitions; test/docs.test.ts fails if it is out of date.
await writeFile(join(import.meta.dirname, "..", schemaFile), schemaText());
