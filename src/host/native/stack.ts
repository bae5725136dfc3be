import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Stack } from "../../provider/connection.ts";

/**
 * The stack of a provider, by its URN, `urn:pulumi:STACK::PROJECT::…`. The engine starts a plugin in the folder of the program,
 * which is the project's or one below it. It does not tell the organization.
 */
export function stackOf(urn: string, folder: string = process.cwd()): Stack | undefined {
  const [, stack, project] = /^urn:pulumi:([^:]+)::([^:]+)::/.exec(urn) ?? [];
  return stack && project ? { stack: `${project}/${stack}`, project: projectFolder(folder) } : undefined;
}

function projectFolder(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder) return start;
  }
}
