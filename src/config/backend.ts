import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * Where the engine keeps the state of a project's stacks. It follows the engine's own rule: PULUMI_BACKEND_URL, the project's file,
 * or who is logged in. A relative path is another place for another project.
 *
 * @param project the folder that has the project's file
 * @param home Pulumi's own folder
 */
export function backendOf(project: string, environment: NodeJS.ProcessEnv, home: string): string {
  const url =
    environment["PULUMI_BACKEND_URL"] ||
    backendInProject(project) ||
    backendLoggedInTo(environment["PULUMI_CREDENTIALS_PATH"] || home) ||
    "";
  const path = url.startsWith("file://") ? url.slice("file://".length) : undefined;
  if (path === undefined || path.startsWith("~")) return url;
  return `file://${resolve(project, path)}`;
}

/** Found by a regular expression, which saves every run a parser. If it misses the URL, the log-in decides. */
function backendInProject(project: string): string | undefined {
  const texts = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"].map((name) => readIfThere(join(project, name)));
  const text = texts.find((one) => one !== undefined) ?? "";
  return /^\s*"?backend"?\s*:\s*\{?\s*(?:\n\s+)?"?url"?\s*:\s*["']?([^"'\s}]+)/m.exec(text)?.[1];
}

function backendLoggedInTo(folder: string): string | undefined {
  try {
    const current: unknown = JSON.parse(readIfThere(join(folder, "credentials.json")) ?? "{}").current;
    return typeof current === "string" ? current : undefined;
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
