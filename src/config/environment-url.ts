/**
 * What is wrong with `text` as the URL of an environment, as it follows the setting's name; `undefined` if nothing is.
 *
 * @param insecureHosts hosts besides this machine to which plain HTTP is allowed
 */
export function problemWithUrl(text: string, insecureHosts: readonly string[] = []): string | undefined {
  const url = URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    return "must be the whole URL of the environment, such as https://YOUR-ENVIRONMENT.scalekit.com";
  }
  // Checked before the credentials leave: plain HTTP shows them to everyone on the way.
  if (url.protocol === "http:" && !isLoopback(url) && !isNamed(url, insecureHosts)) {
    return "must begin with https://; http:// is for this machine, and for a test server that scalekit:insecureHosts (or SCALEKIT_INSECURE_HOSTS) names";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return "must end after the host, with no path";
  return undefined;
}

/** Whether the host is this machine, as far as its name says without a look-up. */
export const isLoopback = ({ hostname }: Pick<URL, "hostname">): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/** Whether the host is one of Scalekit's own, and not a domain of a customer's. */
export const isScalekitHost = ({ hostname }: Pick<URL, "hostname">): boolean =>
  /(^|\.)scalekit\.(com|dev)\.?$/.test(hostname);

/** Hosts as a setting lists them, each with its port where it has one. */
export const hostsIn = (text: string): string[] => text.split(/[,\s]+/).filter((entry) => entry !== "");

/** What is wrong with hosts for plain HTTP, as it follows the setting's name. */
export function problemWithHosts(hosts: readonly string[]): string | undefined {
  const parsed = hosts.map(parsedHost);
  // No wildcards: whoever may name a host within a domain could have the credentials sent there.
  if (parsed.includes(undefined)) {
    return "must be host names with commas between them, such as emulator, ci-emulator:8080";
  }
  if (parsed.some((host) => host && isScalekitHost(host))) {
    return "must not name a host of Scalekit's own, which is reached by https://";
  }
  return undefined;
}

/** A host without a port stands for all its ports. */
function isNamed(url: URL, hosts: readonly string[]): boolean {
  return hosts.map(parsedHost).some((host) => {
    if (host === undefined || isScalekitHost(host) || host.hostname !== url.hostname) return false;
    return host.port === undefined || host.port === (url.port || "80");
  });
}

function parsedHost(entry: string): { hostname: string; port: string | undefined } | undefined {
  const [, name = "", port] = /^([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/i.exec(entry) ?? [];
  const hostname = name && URL.parse(`http://${name}`)?.hostname;
  return hostname ? { hostname, port } : undefined;
}
