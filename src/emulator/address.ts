import type { AddressInfo } from "node:net";

/**
 * The URL at which this machine reaches a server that listens on an address. If it can, it names the loopback interface, since an
 * HTTP client with credentials may require that of a URL without TLS.
 *
 * @param host the address as it was given to the server
 */
export function urlOf({ address, port }: AddressInfo, host: string): string {
  const asGiven = bracketed(host);
  return `http://${isLoopback(asGiven) ? asGiven : own(address)}:${port}`;
}

/** Whether a URL's host is this machine by its name. */
export const isLoopback = (name: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(name);

/** Whether who listens on an address listens to other machines. */
export const isOpen = (address: string): boolean => !isLoopback(own(address)) || wildcards.has(plain(address));

/** Every address of a machine includes the one that is its own. */
const wildcards = new Map([
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
]);

const own = (address: string): string => wildcards.get(plain(address)) ?? bracketed(plain(address));

/** An address of version 4 may be written as one of version 6. */
const plain = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/, "");

/** A host as a URL has it: an address of version 6 in brackets. */
export const bracketed = (host: string): string => (/^[^[].*:/.test(host) ? `[${host}]` : host);
