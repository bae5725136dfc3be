import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { limitedBody, TooLarge } from "./body.ts";
import { type Names, refuseForeignCallers } from "./callers.ts";
import { control } from "./control.ts";
import { applyFault } from "./effects.ts";
import { routes } from "./endpoint.ts";
import type { faultQueue } from "./faults.ts";
import { gateway, unknownPath } from "./gateway.ts";
import type { TokenService } from "./oauth.ts";
import type { LoggedRequest } from "./options.ts";
import type { rateLimiter } from "./rate-limit.ts";
import { endpoints } from "./resources.ts";
import type { Semantics } from "./semantics.ts";
import { formatStatus, StatusError } from "./status.ts";
import type { Store } from "./store.ts";

type Env = { Bindings: HttpBindings; Variables: { requestId: string } };

/** What a server's requests are answered with. */
export interface Parts {
  readonly store: Store;
  readonly semantics: Semantics;
  readonly faults: ReturnType<typeof faultQueue>;
  readonly tokens: TokenService;
  readonly limit: ReturnType<typeof rateLimiter>;
  readonly requests: LoggedRequest[];
  readonly names: Names;
  reset(): void;
}

/** Everything over HTTP. A request passes the check of its caller, the log and the faults, the gateway, the rate limit and the token check. */
export function application(parts: Parts): Hono<Env> {
  const { store, semantics, faults, tokens, limit, requests } = parts;
  const app = new Hono<Env>();
  const api = routes(endpoints, store, semantics);

  // An error from a route is an answer by now: errors become answers below the middleware.
  app.onError((error, c) => {
    if (error instanceof TooLarge)
      return c.html("<html><body><h1>413 Request Entity Too Large</h1></body></html>", 413);
    const known = error instanceof StatusError ? error : new StatusError(500, "INTERNAL", `emulator: ${error.message}`);
    for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
    return c.json(formatStatus(known, c.get("requestId") ?? ""), known.status as 400);
  });
  app.notFound(() => {
    throw unknownPath();
  });

  app.use(refuseForeignCallers(parts.names));
  for (const path of ["/api/*", "/oauth/*"]) {
    app.use(path, async (c, next) => {
      const requestId = `req_${randomUUID()}`;
      c.set("requestId", requestId);
      c.header("x-request-id", requestId);
      const { method } = c.req;
      const { pathname } = new URL(c.req.url);
      const work = async () => {
        await next();
        return c.res;
      };
      const effect = faults.next(method, pathname);
      if (effect === undefined) await work();
      const outcome =
        effect && (await applyFault(effect, { ...c.env, requestId, work, expireTokens: tokens.expireAll }));
      requests.push({ method, path: pathname, status: outcome?.status ?? c.res.status });
      if (outcome === undefined) return;
      c.res = undefined;
      c.res = outcome.response;
      if (outcome.status > 0) c.header("x-request-id", requestId);
    });
    app.use(path, limitedBody, gateway([...tokens.routes.routes, ...api.routes], separates(semantics)));
  }
  app.use("/api/*", async (c, next) => {
    limit.countOrThrow();
    tokens.requireToken(c.req.header("authorization"));
    await next();
  });
  app.route("/", tokens.routes);
  app.route("/", api);
  app.route("/", control(parts));
  return app;
}

const separates = ({ encodedSlash }: Semantics): boolean => encodedSlash === "separates";
