import { realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { gte, valid } from "semver";
import { output } from "./process.mts";

/** The Pulumi CLI on PATH, if it is at least `oldest` and has its Node.js language host with it. */
export async function engineOnPath(oldest: string): Promise<{ version: string; bin: string } | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter).filter(Boolean)) {
    const binary = await realpath(join(folder, "pulumi")).catch(() => undefined);
    if (binary === undefined) continue;
    const environment = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const version = valid((await output(binary, ["version"], { env: environment }).catch(() => "")).trim());
    const host = await realpath(join(dirname(binary), "pulumi-language-nodejs")).catch(() => undefined);
    // A shell runs the first one it finds, so a later one is no substitute for it.
    return version && gte(version, oldest) && host ? { version, bin: dirname(binary) } : undefined;
  }
  return undefined;
}
