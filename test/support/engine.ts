import type { TestProject } from "vitest/node";
import { type Engine, ensureEngine } from "../../tools/engine/engine.mts";

/** Brings the real engine before the first test, once for all of them. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide("engine", await ensureEngine((line) => process.stderr.write(`${line}\n`)));
}

declare module "vitest" {
  interface ProvidedContext {
    engine: Engine;
  }
}
