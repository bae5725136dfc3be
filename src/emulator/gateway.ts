import type { MiddlewareHandler, RouterRoute } from "hono/types";
import { malformed, StatusError } from "./status.ts";

/**
 * What grpc-gateway answers by itself, before anything looks at the token or the body: for unknown paths, for methods that
 * a path does not have (HEAD among them), and for paths that are not UTF-8.
 *
 * @param splits whether an encoded slash separates parts of the path, as in grpc-gateway's oldest mode, its default
 */
export function gateway(routes: readonly RouterRoute[], splits: boolean): MiddlewareHandler {
  const served = routes.map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/\/:\w+(?:\{(.+?)\})?/g, (_, part = "[^/]+") => `/${part}`)}$`),
  }));
  return async (c, next) => {
    const raw = new URL(c.req.url).pathname;
    const path = splits ? decoded(raw) : raw;
    if (decoded(raw).includes("\0")) throw malformed("invalid byte sequence: 0x00");
    const methods = served.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) throw unknownPath();
    if (!methods.includes(c.req.method)) throw new StatusError(501, undefined, "Method Not Allowed");
    await next();
  };
}

export const unknownPath = (): StatusError => new StatusError(404, undefined, "Not Found");

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new StatusError(400, undefined, "Bad Request");
  }
}
