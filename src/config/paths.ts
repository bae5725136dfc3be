import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { backendOf } from "./backend.ts";

/** Where Node.js keeps the provider's compiled code: a folder of this user's own, since Node.js runs what is in it. */
export const compileCachePath = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(pulumiHome(environment), "scalekit", "compiled");

/**
 * The file of a stack's journal: in the folder SCALEKIT_JOURNAL, or else beside Pulumi's own files.
 * If each run has a new machine, keep that folder from one run to the next.
 *
 * @param stack organization, project and stack. The organization does not count, since a native plugin does not learn it.
 * @param project the folder that has the project's file
 */
export function journalPath(stack: string, project: string, environment: NodeJS.ProcessEnv = process.env): string {
  // Two backends that are not Pulumi's own have the same names for their stacks.
  const own = stack.split("/").slice(-2).join("/");
  const where = [own, backendOf(project, environment, pulumiHome(environment))].join("\0");
  return join(journalFolder(environment), `${createHash("sha256").update(where).digest("hex").slice(0, 32)}.jsonl`);
}

export const journalFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  environment["SCALEKIT_JOURNAL"] || join(pulumiHome(environment), "scalekit");

const pulumiHome = (environment: NodeJS.ProcessEnv): string => environment["PULUMI_HOME"] || join(homedir(), ".pulumi");
