import { isLoopback, isScalekitHost } from "../config/environment-url.ts";

/**
 * Whether an environment may be the one that customers use, by the forms of Scalekit's URLs: those of development end in
 * scalekit.dev. All others are production's, in scalekit.com or a domain of the company's own, as far as anybody can tell.
 */
export function looksLikeProduction(environmentUrl: string): boolean {
  const url = new URL(environmentUrl);
  // What is called without TLS is a test server: the settings take http:// for those alone.
  if (isLoopback(url) || url.protocol === "http:") return false;
  return !(isScalekitHost(url) && /\.dev\.?$/.test(url.hostname));
}
