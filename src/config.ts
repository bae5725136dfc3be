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
