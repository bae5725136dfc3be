import { copyFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Operation } from "../results/results.mts";
import type { Tool, ToolOptions } from "./tool.mts";

/** Organizations as resources of alchemy. It compares with its own state, so a run without changes sends nothing. */
export async function alchemyTool({ folder, peers = "" }: ToolOptions): Promise<Tool> {
  await copyFile(join(import.meta.dirname, "..", "programs", "alchemy.mjs"), join(folder, "program.mjs"));
  await symlink(join(peers, "node_modules"), join(folder, "node_modules"), "junction");
  const args: Partial<Record<Operation, readonly string[]>> = { up: [], again: [], update: [], destroy: ["--destroy"] };
  return {
    // No telemetry, and no query of the terminal's abilities.
    env: { ALCHEMY_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", ALCHEMY_CI_STATE_STORE_CHECK: "false", CI: "true" },
    isReal: true,
    declare: (declared) => writeFile(join(folder, "organizations.json"), JSON.stringify(declared)),
    begin: [],
    before: () => [],
    command(operation) {
      const own = args[operation];
      if (own === undefined) throw new Error(`alchemy has no ${operation}`);
      return { file: process.execPath, args: ["program.mjs", ...own] };
    },
    state: async () => undefined,
  };
}
