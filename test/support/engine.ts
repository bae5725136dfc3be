import type { TestProject } from "vitest/node";
import { ensureEngine } from "../../tools/engine/engine.mts";

/** Brings the real engine before the first test, once for all of them. */
export default async function setup(project: TestProject): Promise<void> {
  const engine = await ensureEngine((line) => process.stderr.write(`${line}\n`));
  project.provide("engineBin", engine.bin);
}

declare module "vitest" {
  interface ProvidedContext {
    engineBin: string;
  }
}
