import { hostname } from "node:os";
import type { MiddlewareHandler } from "hono/types";
import { isLoopback, isOpen } from "./address.ts";
import { StatusError } from "./status.ts";

/** Decides by which names requests may call the emulator. */
export interface Names {
  /** The address to listen on, as it was given. */
  readonly host: string;
  readonly allowed: readonly string[];
  /** The address that it listens on. */
  address(): string;
}

/**
 * Refuses what web pages send from the browser of somebody on this machine, before anything is logged or done. A page of
 * another site says so itself (Origin, Sec-Fetch-Site). One that had its own name lead to this machine (DNS rebinding)
 * counts as the same site to the browser, and calls the emulator by that name.
 */
export function refuseForeignCallers(names: Names): MiddlewareHandler {
  const given = new Set([names.host, ...names.allowed].map(hostnameIn));
  const isName = (name: string | undefined): boolean =>
    name !== undefined &&
    (given.has(name) ||
      isLoopback(name) ||
      name.endsWith(".localhost") ||
      (isOpen(names.address()) && isPrivate(name)));
  return async (c, next) => {
    const host = c.req.header("host") ?? "";
    if (!isName(hostnameIn(host))) {
      throw refused("the emulator is not called by this Host; name it in --allow-host (allowedHosts) to allow it");
    }
    const site = c.req.header("sec-fetch-site") ?? "none";
    const origin = c.req.header("origin");
    if (!["none", "same-origin"].includes(site) || (origin !== undefined && !isOf(origin, host))) {
      throw refused("the emulator answers no page of another site");
    }
    await next();
  };
}

/**
 * For what changes something past the API. A page of another site could only send it with an OPTIONS request first, which
 * is never granted.
 */
export const requireJsonBody: MiddlewareHandler = async (c, next) => {
  const isJson = /^application\/json\s*(;|$)/i.test(c.req.header("content-type") ?? "");
  if (c.req.method === "POST" && !isJson && c.req.header("x-scalekit-emulator") === undefined) {
    throw new StatusError(415, undefined, "send the header content-type: application/json, or x-scalekit-emulator: 1");
  }
  await next();
};

const refused = (why: string): StatusError => new StatusError(403, undefined, why);

/**
 * Whether nobody can have a public name of this form lead to this machine: an address, a name of one part as containers
 * have, one of a private network's, or the machine's own. Whoever listens to a network is called by names that only the
 * network knows.
 */
const isPrivate = (name: string): boolean =>
  /^[\d.]+$|^\[/.test(name) ||
  !name.includes(".") ||
  /\.(internal|local)$/.test(name) ||
  name === hostnameIn(hostname());

/** The name in a Host header or an option, as URLs have it; an address of version 6 may lack its brackets. */
function hostnameIn(host: string): string | undefined {
  const bare = /^[^[\]]*:[^[\]]*:/.test(host) ? `[${host}]` : host;
  return bare === "" ? undefined : URL.parse(`http://${bare}`)?.hostname;
}

const isOf = (origin: string, host: string): boolean => {
  const page = URL.parse(origin);
  return page !== null && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
};
