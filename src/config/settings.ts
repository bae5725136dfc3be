import { ConfigurationError } from "../errors.ts";
import { hostsIn, isLoopback, problemWithHosts, problemWithUrl } from "./environment-url.ts";
import { type Proxies, proxyFor } from "./proxy.ts";

/** Where the environment is, who calls, and how hard. The client has a default for each absent setting. */
export interface Settings {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly maxRequestsPerMinute?: number;
  readonly maxConcurrentRequests?: number;
  /** Milliseconds, although it is set in seconds. */
  readonly operationTimeout?: number;
  readonly proxies?: Proxies;
  /** Hosts that are called over plain HTTP, although they are not this machine. */
  readonly insecureHosts?: readonly string[];
}

/** The stack's configuration, as the engine hands it to a provider: decrypted, keyed with its namespace. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/** Settings without which nothing is sent. */
export const sources = {
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
} as const;

/** Test servers without TLS. A host is never called over plain HTTP by default. */
export const insecureHosts = { key: "scalekit:insecureHosts", variable: "SCALEKIT_INSECURE_HOSTS" } as const;

/** Settings that are whole numbers, and need not be set. */
export const numbers = {
  maxRequestsPerMinute: {
    key: "scalekit:maxRequestsPerMinute",
    variable: "SCALEKIT_MAX_REQUESTS_PER_MINUTE",
    most: 1_000_000,
    unit: 1,
  },
  maxConcurrentRequests: {
    key: "scalekit:maxConcurrentRequests",
    variable: "SCALEKIT_MAX_CONCURRENT_REQUESTS",
    most: 1000,
    unit: 1,
  },
  operationTimeout: {
    key: "scalekit:operationTimeout",
    variable: "SCALEKIT_OPERATION_TIMEOUT",
    most: 86_400,
    unit: 1000,
  },
} as const;

/** Settings that are true or false, and true by default. */
export const switches = {
  deletionProtection: { key: "scalekit:deletionProtection", variable: "SCALEKIT_DELETION_PROTECTION" },
  previewConflicts: { key: "scalekit:previewConflicts", variable: "SCALEKIT_PREVIEW_CONFLICTS" },
} as const;

/**
 * The settings from the stack's configuration, or else from the environment; the configuration wins, setting by setting.
 * Throws one ConfigurationError that names all that is missing or wrong and how to set it. The only reader of `process.env`.
 */
export function readSettings(config: StackConfig, environment: NodeJS.ProcessEnv = process.env): Settings {
  const problems: string[] = [];
  // An empty variable counts as not set, as in most shell scripts.
  const find = ({ key, variable }: { key: string; variable: string }): string =>
    (config.get(key) ?? environment[variable] ?? "").trim();

  function required(name: keyof typeof sources): string {
    const source = sources[name];
    const value = find(source);
    if (value === "") problems.push(`${source.key} is missing: run \`${source.set}\`, or set ${source.variable}`);
    return value;
  }

  function number(name: keyof typeof numbers) {
    const source = numbers[name];
    const text = find(source);
    if (text === "") return {};
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > source.most) {
      problems.push(`${source.key} (or ${source.variable}) must be a whole number from 1 to ${source.most}`);
    }
    return { [name]: value * source.unit };
  }

  const settings = {
    environmentUrl: required("environmentUrl"),
    clientId: required("clientId"),
    clientSecret: required("clientSecret"),
    ...number("maxRequestsPerMinute"),
    ...number("maxConcurrentRequests"),
    ...number("operationTimeout"),
  };
  const hosts = hostsIn(find(insecureHosts));
  const wrong = problemWithHosts(hosts);
  if (wrong) problems.push(`${insecureHosts.key} (or ${insecureHosts.variable}) ${wrong}`);
  if (settings.environmentUrl !== "" && !wrong) {
    const problem = problemWithUrl(settings.environmentUrl, hosts);
    if (problem) problems.push(`${sources.environmentUrl.key} (or ${sources.environmentUrl.variable}) ${problem}`);
  }
  const proxies = readProxies(URL.parse(settings.environmentUrl), environment, problems);
  if (problems.length > 0) {
    throw new ConfigurationError(
      `The Scalekit provider is not configured, and nothing was sent:\n  - ${problems.join("\n  - ")}`,
    );
  }
  const environmentUrl = new URL(settings.environmentUrl).origin;
  const others = { ...(proxies && { proxies }), ...(hosts.length > 0 && { insecureHosts: hosts }) };
  return { ...settings, environmentUrl, ...others };
}

/**
 * The secrets in plain text in `config`, each with the command that fixes it. Pulumi keeps a provider's settings in the state,
 * encrypted only if they are marked as secret. A provider does not learn which are marked, so programs check.
 */
export function plainSecretsIn(config: Readonly<Record<string, string>>, isMarked: (key: string) => boolean): string[] {
  const { environmentUrl, clientSecret } = sources;
  const plain = Object.keys(config).filter((key) => config[key]?.trim() !== "" && !isMarked(key));
  return plain.flatMap((key) => {
    if (key === clientSecret.key) return [`${key} is not marked as a secret: run \`${clientSecret.set}\``];
    if (key === environmentUrl.key && /^[^/]*\/\/[^/?#]*@/.test(config[key] ?? "")) {
      return [`${key} has a user name or password in it: run \`${environmentUrl.set}\``];
    }
    if (!/^scalekit:.*(?:secret|password|token)/i.test(key)) return [];
    return [
      `${key} is not a setting: run \`pulumi config rm ${key}\`, and \`${clientSecret.set}\` if it is the client secret`,
    ];
  });
}

/** The error about what {@link plainSecretsIn} found: what happened, and what to do if somebody may have read a secret. */
export const aboutPlainSecrets = (found: readonly string[], outcome: string): string =>
  `The stack's configuration has a secret in plain text, which Pulumi would save in the state as it is:\n  - ${found.join("\n  - ")}\n` +
  `${outcome}Whoever can read the configuration has the secret, and if an update has run with it, the state and the stack's ` +
  "history have it too. So rotate it: make a new one in Scalekit's dashboard, set that, and revoke the old one.";

/** Every setting of a provider, without its namespace. */
export const settingNames: readonly string[] = [
  ...Object.keys(sources),
  ...Object.keys(numbers),
  "insecureHosts",
  ...Object.keys(switches),
  "formerHost",
];

/** The settings of a connection as a stack's configuration has them, to compare it with another's. */
export const textsOf = (config: StackConfig): string[] =>
  [
    ...Object.values(sources),
    ...Object.values(numbers),
    insecureHosts,
    switches.previewConflicts,
    { key: "scalekit:formerHost" },
  ].map(({ key }) => config.get(key) ?? "");

/**
 * The variables that other HTTP clients use. Names in lower case win, as in curl. A proxy that the environment's URL does not use is
 * not checked.
 */
function readProxies(url: URL | null, environment: NodeJS.ProcessEnv, problems: string[]): Proxies | undefined {
  const find = (name: string): string => (environment[name.toLowerCase()] || environment[name] || "").trim();
  const found = { http: find("HTTP_PROXY"), https: find("HTTPS_PROXY"), none: find("NO_PROXY") };
  const wanted = url === null ? undefined : [proxyFor(url, found)];
  const proxy = (scheme: "http" | "https"): string => {
    const text = found[scheme];
    const parsed = URL.parse(text.includes("://") ? text : `http://${text}`);
    if (parsed !== null && ["http:", "https:"].includes(parsed.protocol)) return parsed.href;
    if (text !== "" && (wanted === undefined || wanted.includes(scheme))) {
      // The text is not shown, for a proxy's URL may hold a password.
      const socks = `; SOCKS proxies are not supported, and NO_PROXY=${url?.hostname} connects without a proxy`;
      problems.push(
        `${scheme.toUpperCase()}_PROXY must be the URL of a proxy, such as http://proxy.example.com:3128${/^socks/i.test(text) ? socks : ""}`,
      );
    }
    return "";
  };
  const proxies = { http: proxy("http"), https: proxy("https"), none: found.none };
  return proxies.http === "" && proxies.https === "" ? undefined : proxies;
}

/** Whether organizations are protected from deletion where a program does not say. */
export const readDeletionProtection = (config: StackConfig, environment?: NodeJS.ProcessEnv): boolean =>
  readSwitch("deletionProtection", config, environment);

/** Whether a preview says which keys of new resources other objects have. */
export const readPreviewConflicts = (config: StackConfig, environment?: NodeJS.ProcessEnv): boolean =>
  readSwitch("previewConflicts", config, environment);

/** The stack's configuration wins over the environment's variable. Without either, a switch is on. */
function readSwitch(name: keyof typeof switches, config: StackConfig, environment = process.env): boolean {
  const { key, variable } = switches[name];
  const text = config.get(key) ?? (environment[variable] || "true");
  if (text === "true" || text === "false") return text === "true";
  throw new ConfigurationError(`${key} (or ${variable}) must be true or false`);
}

/**
 * The names by which states know the environment: its own host, and `scalekit:formerHost` or else SCALEKIT_FORMER_HOST. An
 * emulator has none: its address is another each time.
 */
export function readEnvironment(url: string, config: StackConfig, environment: NodeJS.ProcessEnv = process.env) {
  const { host, hostname, protocol } = new URL(url);
  const formerHost = config.get("scalekit:formerHost") ?? environment["SCALEKIT_FORMER_HOST"];
  return { host: isLoopback({ hostname }) || protocol === "http:" ? undefined : host, formerHost };
}
