import { copyFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Tool, ToolOptions } from "./tool.mts";

/** The same creates as the provider sends, by nothing but an HTTP client. */
export async function loopTool({ folder }: ToolOptions): Promise<Tool> {
  await copyFile(join(import.meta.dirname, "..", "programs", "loop.mjs"), join(folder, "program.mjs"));
  await symlink(resolve(import.meta.dirname, "..", "..", "node_modules"), join(folder, "node_modules"), "junction");
  return {
    env: {},
    isReal: true,
    declare: (declared) => writeFile(join(folder, "organizations.json"), JSON.stringify(declared)),
    begin: [],
    before: () => [],
    command(operation) {
      if (operation !== "up") throw new Error(`a loop has no ${operation}`);
      return { file: process.execPath, args: ["program.mjs"] };
    },
    state: async () => undefined,
  };
}
