import { join } from "node:path";
import { writeSdks } from "./sdks/write.mts";

// They are not committed: they say the same as schema.json, in 60 files.
const folder = join(import.meta.dirname, "..", "sdks");
await writeSdks(folder);
console.log(`The packages for Python and Go are in ${folder}.`);
