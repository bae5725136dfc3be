import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generatedFolders, sdkFiles } from "./sdk/files.mts";

// Writes the classes and look-ups that follow from the definitions; test/docs.test.ts fails if they are out of date.
const root = join(import.meta.dirname, "..");
const files = sdkFiles();
for (const folder of generatedFolders) await rm(join(root, folder), { recursive: true, force: true });
for (const [file, text] of Object.entries(files)) {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
}
