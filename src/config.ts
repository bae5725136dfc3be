import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "./errors.ts";

/** Where the environment is, and who calls. */
export interface Settings {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The stack's configuration, as the engine hands it to a provider: decrypted, keyed with its namespace. */
export interface StackConfig {
  get(key: string): string | undefined;
}

const sources = {
  environmentUrl: {
    key: "scalekit:environmentUrl",
    variable: "SCALEKIT_ENVIRONMENT_URL",
    set: "pulumi config set scalekit:environmentUrl https://YOUR-ENVIRONMENT.scalekit.com",
  },
  clientId: {
    key: "scalekit:clientId",
    variable: "SCALEKIT_CLIENT_ID",
    set: "pulumi config set scalekit:clientId YOUR-CLIENT-ID",
  },
  clientSecret: {
    key: "scalekit:clientSecret",
    variable: "SCALEKIT_CLIENT_SECRET",
    set: "pulumi config set --secret scalekit:clientSecret",
  },
} as const satisfies Record<keyof Settings, { key: string; variable: string; set: string }>;

/**
 * The settings from the stack's configuration, or else from the environment; the configuration wins, setting by setting.
 * Throws one ConfigurationError that names all that is missing or wrong and how to set it. The only reader of `process.env`.
 */
export function readSettings(config: StackConfig, environment: NodeJS.ProcessEnv = process.env): Settings {
  const problems: string[] = [];
  const read = (name: keyof Settings): string => {
    const { key, variable, set } = sources[name];
    // A variable that is set to nothing is a variable that is not set, as in most shells' scripts.
    const value = (config.get(key) ?? environment[variable] ?? "").trim();
    if (value === "") problems.push(`${key} is missing: run \`${set}\`, or set ${variable}`);
    return value;
  };
  const settings = {
    environmentUrl: read("environmentUrl"),
    clientId: read("clientId"),
    clientSecret: read("clientSecret"),
  };
  if (settings.environmentUrl !== "") {
    const problem = problemWithUrl(settings.environmentUrl);
    if (problem) problems.push(`${sources.environmentUrl.key} (or ${sources.environmentUrl.variable}) ${problem}`);
  }
  if (problems.length > 0) {
    throw new ConfigurationError(
      `The Scalekit provider is not configured, and nothing was sent:\n  - ${problems.join("\n  - ")}`,
    );
  }
  return { ...settings, environmentUrl: new URL(settings.environmentUrl).origin };
}

function problemWithUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    return "must be the whole URL of the environment, such as https://YOUR-ENVIRONMENT.scalekit.com";
  }
  // Before the credentials go anywhere: plain HTTP shows them to everyone on the way.
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return "must begin with https://; http:// is for this machine only";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return "must end after the host, with no path";
  return undefined;
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);

/**
 * Whether organizations are protected from deletion where a program does not say: `scalekit:deletionProtection`, or else
 * SCALEKIT_DELETION_PROTECTION, or else true.
 */
export function readDeletionProtection(config: StackConfig, environment: NodeJS.ProcessEnv = process.env): boolean {
  const text = config.get("scalekit:deletionProtection") ?? (environment["SCALEKIT_DELETION_PROTECTION"] || "true");
  if (text === "true" || text === "false") return text === "true";
  throw new ConfigurationError("scalekit:deletionProtection (or SCALEKIT_DELETION_PROTECTION) must be true or false");
}

/**
 * Where a stack's unfinished creates are remembered: in the folder SCALEKIT_JOURNAL, or else beside Pulumi's own files.
 * Where runs happen on ever new machines, keep that folder from one to the next.
 */
export function journalPath(stack: string, environment: NodeJS.ProcessEnv = process.env): string {
  const pulumi = environment["PULUMI_HOME"] || join(homedir(), ".pulumi");
  const folder = environment["SCALEKIT_JOURNAL"] || join(pulumi, "scalekit");
  return join(folder, `${createHash("sha256").update(stack).digest("hex").slice(0, 32)}.jsonl`);
}
