import { BlockList, isIP } from "node:net";
import { isLoopback } from "./environment-url.ts";

/** Proxies by what they are for, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY name them. */
export interface Proxies {
  readonly http: string;
  readonly https: string;
  /** Hosts to reach without a proxy, with commas between them. */
  readonly none: string;
}

/** Which of the proxies is the one for `url`; none for this machine, which is never behind one, and for what NO_PROXY names. */
export function proxyFor(url: URL, { http, https, none }: Proxies): "http" | "https" | undefined {
  if (isLoopback(url) || none.split(/[,\s]+/).some((entry) => names(entry, url))) return undefined;
  if (url.protocol === "https:" && https !== "") return "https";
  return http === "" ? undefined : "http";
}

/**
 * Whether an entry of NO_PROXY names the host: by its name, by a domain above it (`example.com`, `.example.com`; `*.example.com`
 * is that without the domain itself), by its address or a range of those (`10.0.0.0/8`), or all hosts by `*`. Each may have
 * a port. As with curl and Go, a name is not looked up to see whether its address is in a range.
 */
function names(entry: string, url: URL): boolean {
  const host = bare(url.hostname);
  const [, name = entry, port] = /^(\*|\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) return false;
  const [, address, prefix] = /^(.+)\/(\d{1,3})$/.exec(name) ?? [];
  if (address !== undefined) return isWithin(bare(address), Number(prefix), host);
  if (name === "*") return true;
  const domain = bare(name).replace(/^\*?\./, "");
  return domain !== "" && ((host === domain && !name.startsWith("*")) || host.endsWith(`.${domain}`));
}

const bare = (host: string): string =>
  host
    .replace(/^\[(.+)\]$/, "$1")
    .replace(/(.)\.$/, "$1")
    .toLowerCase();

function isWithin(address: string, prefix: number, host: string): boolean {
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || prefix > (family === 4 ? 32 : 128)) return false;
  const range = new BlockList();
  const type = family === 4 ? "ipv4" : "ipv6";
  range.addSubnet(address, prefix, type);
  return range.check(host, type);
}
