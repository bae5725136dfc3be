import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { type FaultOptions, faultQueue, faultSchema } from "./faults.ts";
import { type Credentials, tokenService } from "./oauth.ts";
import { organizationRoutes } from "./organizations.ts";
import { rateLimiter } from "./rate-limit.ts";
import { type SemanticsOptions, semanticsSchema } from "./semantics.ts";
import { formatStatus, StatusError } from "./status.ts";
import { openStore, type StoredOrganization } from "./store.ts";

type Env = { Bindings: HttpBindings; Variables: { requestId: string } };

export interface EmulatorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default "127.0.0.1", so that nothing beyond this machine reaches it */
  readonly host?: string;
  /** A file that keeps the organizations. @default in memory */
  readonly state?: string | undefined;
  /** @default client ID `emulator`, client secret `emulator-secret` */
  readonly credentials?: Credentials;
  /** Seconds that an access token lasts. @default 86,399, as Scalekit's */
  readonly tokenLifetime?: number;
  /** What the emulator does where Scalekit's documents leave it open. */
  readonly semantics?: SemanticsOptions;
}

/** One request that was answered, or cut off. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** 0 when the connection was cut. */
  readonly status: number;
}

export interface Emulator extends AsyncDisposable {
  readonly url: string;
  readonly credentials: Credentials;
  /** The three settings of this package as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** What is stored, oldest first, past all of the API. */
  organizations(): StoredOrganization[];
  /** Every request to the API and the token endpoint since the start or the last reset. */
  readonly requests: readonly LoggedRequest[];
  /** Lets something go wrong with requests to come. */
  fail(fault: FaultOptions): void;
  /** Every access token that was given, for a test to show that none leaks. */
  tokens(): string[];
  /** Forgets the faults that are still to come. */
  heal(): void;
  /** Forgets organizations, faults and the log of requests. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a local server that speaks Scalekit's organization API.
 *
 * @example
 * ```ts
 * await using emulator = await startEmulator();
 * emulator.fail({ method: "POST", effect: { kind: "status", status: 429, retryAfter: 1 } });
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const semantics = semanticsSchema.parse(options.semantics ?? {});
  const credentials = options.credentials ?? { clientId: "emulator", clientSecret: "emulator-secret" };
  const store = openStore(options.state);
  const faults = faultQueue();
  const tokens = tokenService(credentials, options.tokenLifetime ?? 86_399);
  const limit = rateLimiter(semantics.rateLimit);
  const requests: LoggedRequest[] = [];

  const app = new Hono<Env>();
  const log = (c: Context, status: number) => requests.push({ method: c.req.method, path: c.req.path, status });

  // An error from a route is an answer by now: errors become answers below the middleware.
  app.onError((error, c) => {
    const known = error instanceof StatusError ? error : new StatusError(500, "INTERNAL", `emulator: ${error.message}`);
    for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
    return c.json(formatStatus(known, c.get("requestId") ?? ""), known.status as 400);
  });

  for (const path of ["/api/*", "/oauth/*"]) {
    app.use(path, async (c, next) => {
      c.set("requestId", `req_${randomUUID()}`);
      c.header("x-request-id", c.get("requestId"));
      const effect = faults.next(c.req.method, c.req.path);
      if (effect?.kind === "delay") await sleep(effect.milliseconds);
      if (effect?.kind === "expiredToken") tokens.expireAll();
      if (effect?.kind === "cut" && effect.when === "before") return cutOff(c);
      if (effect?.kind === "status") {
        log(c, effect.status);
        const headers = effect.retryAfter === undefined ? {} : { "retry-after": String(effect.retryAfter) };
        throw new StatusError(effect.status, effect.code, effect.message, { headers });
      }
      await next();
      if (effect?.kind === "cut") return cutOff(c);
      if (effect?.kind === "garbage") c.res = new Response(effect.body, { status: effect.status });
      log(c, c.res.status);
      return undefined;
    });
  }
  app.use("/api/*", async (c, next) => {
    limit();
    tokens.demand(c.req.header("authorization"));
    await next();
  });

  function cutOff(c: Context<Env>): Response {
    log(c, 0);
    c.env.outgoing.socket?.destroy();
    return RESPONSE_ALREADY_SENT;
  }

  app.route("/", tokens.routes);
  app.route("/", organizationRoutes(store, semantics));
  app.notFound((c) => c.json(formatStatus(new StatusError(404, "NOT_FOUND", "Not Found"), ""), 404));

  app.get("/_emulator/requests", (c) => c.json(requests));
  app.get("/_emulator/organizations", (c) => c.json(store.all()));
  app.get("/_emulator/faults", (c) => c.json(faults.list()));
  app.post("/_emulator/faults", async (c) => {
    const fault = faultSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!fault.success) return c.json({ problems: fault.error.issues }, 400);
    faults.add(fault.data);
    return c.json(fault.data, 201);
  });
  app.post("/_emulator/reset", (c) => {
    reset();
    return c.json({});
  });

  const server = createAdaptorServer({ fetch: app.fetch });
  const host = options.host ?? "127.0.0.1";
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;

  function reset(): void {
    store.clear();
    faults.clear();
    requests.length = 0;
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    if ("closeAllConnections" in server) server.closeAllConnections();
    await closed;
    store.close();
  }

  return {
    url,
    credentials,
    environment: {
      SCALEKIT_ENVIRONMENT_URL: url,
      SCALEKIT_CLIENT_ID: credentials.clientId,
      SCALEKIT_CLIENT_SECRET: credentials.clientSecret,
    },
    organizations: () => store.all(),
    requests,
    fail: (fault) => faults.add(fault),
    tokens: () => tokens.all(),
    heal: () => faults.clear(),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}
