/** What is wrong with `text` as the URL of an environment, as it follows the setting's name; `undefined` if nothing is. */
export function problemWithUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    return "must be the whole URL of the environment, such as https://YOUR-ENVIRONMENT.scalekit.com";
  }
  // Before the credentials go anywhere: plain HTTP shows them to everyone on the way.
  if (url.protocol === "http:" && !isLoopback(url)) return "must begin with https://; http:// is for this machine only";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") return "must end after the host, with no path";
  return undefined;
}

/** Whether the host is this machine, as far as its name says without a look-up. */
export const isLoopback = ({ hostname }: URL): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
