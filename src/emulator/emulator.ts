import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { bracketed, isLoopback, isOpen, urlOf } from "./address.ts";
import { application } from "./app.ts";
import { tokenLifetime } from "./clients.ts";
import type { Collections } from "./collections.ts";
import { connect } from "./connections.ts";
import { faultQueue } from "./faults.ts";
import { tokenService } from "./oauth.ts";
import type {
  Credentials,
  FaultOptions,
  LoggedRequest,
  SeedConnection,
  SeedOrganization,
  SemanticsOptions,
} from "./options.ts";
import { rateLimiter } from "./rate-limit.ts";
import { assign } from "./roles.ts";
import { plant } from "./seed.ts";
import { semanticsOf } from "./semantics.ts";
import { openStore } from "./store.ts";
import type { Kinds, StoredOrganization } from "./stored.ts";

export interface EmulatorOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** @default "127.0.0.1", so that nothing beyond this machine reaches it */
  readonly host?: string;
  /**
   * More names that requests may call it by in their Host. Those of this machine are always taken, and where `host` lets
   * others in, addresses and names that no public DNS has: of one part, or under .internal or .local.
   */
  readonly allowedHosts?: readonly string[] | undefined;
  /** A file that keeps what is stored, for one emulator at a time. @default in memory */
  readonly state?: string | undefined;
  /** The organizations to begin with, oldest first, where `state` holds none. @default none */
  readonly seed?: readonly SeedOrganization[] | undefined;
  /** @default client ID `emulator`, client secret `emulator-secret` */
  readonly credentials?: Credentials;
  /** Seconds that an access token lasts. @default 86,399, as Scalekit's */
  readonly tokenLifetime?: number;
  /** What the emulator does where Scalekit's documents leave it open. */
  readonly semantics?: SemanticsOptions;
  /** The time in milliseconds, for timestamps, tokens and the rate limit. @default Date.now */
  readonly now?: () => number;
}

export interface Emulator extends AsyncDisposable {
  /** Where this machine reaches it. */
  readonly url: string;
  /** Whether other machines reach it too. */
  readonly reachedByOthers: boolean;
  readonly credentials: Credentials;
  /** The settings of this package as environment variables, for programs on this machine. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for programs that reach this machine by another name, such as a container's. */
  environmentFor(host: string): Readonly<Record<string, string>>;
  /** What is stored, oldest first, past all of the API. */
  organizations(): StoredOrganization[];
  /** What is stored of another kind, oldest first, whosever it is. */
  all<K extends keyof Kinds>(kind: K): Kinds[K][];
  /** Lets as many users have a role, of the environment unless an organization is named. */
  assign(role: string, users: number, organization?: string): void;
  /** Gives an organization a connection, as Scalekit's dashboard does, and tells its id. */
  connect(organization: string, connection?: SeedConnection): string;
  /** Every request to the API and the token endpoint since the start or the last reset. */
  readonly requests: readonly LoggedRequest[];
  /** Lets something go wrong with requests to come. */
  fail(fault: FaultOptions): void;
  /** Every access token that was given, for a test to show that none leaks. */
  tokens(): string[];
  /** Forgets the faults that are still to come. */
  heal(): void;
  /** Forgets what is stored, faults, the log of requests and what counts towards the rate limit, and seeds again. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a local server that speaks Scalekit's API of organizations and what hangs on them.
 *
 * @example
 * ```ts
 * await using emulator = await startEmulator();
 * emulator.fail({ method: "POST", effect: { kind: "status", status: 429, retryAfter: 1 } });
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { host = "127.0.0.1", port = 0, seed = [], now = Date.now } = options;
  const semantics = semanticsOf(options.semantics ?? {});
  const credentials = options.credentials ?? { clientId: "emulator", clientSecret: "emulator-secret" };
  const store = openStore(options.state, now);
  const objects: Collections = store;
  const faults = faultQueue();
  const tokens = tokenService(credentials, options.tokenLifetime ?? 86_399, now, (id, secret) =>
    tokenLifetime(store, id, secret),
  );
  const limit = rateLimiter(semantics.rateLimit, now);
  const requests: LoggedRequest[] = [];
  const address = () => server.address() as AddressInfo;
  const names = { host, allowed: options.allowedHosts ?? [], address: () => address().address };
  const app = application({ store, semantics, faults, tokens, limit, requests, names, reset });
  const server = createAdaptorServer({ fetch: app.fetch });
  try {
    plant(seed, store);
    await listen(server as Server, port, host);
  } catch (error) {
    store.close();
    throw error;
  }
  const url = urlOf(address(), host);

  function reset(): void {
    store.clear();
    faults.clear();
    limit.reset();
    requests.length = 0;
    plant(seed, store);
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
    reachedByOthers: isOpen(address().address),
    credentials,
    environment: settings(url, credentials),
    environmentFor: (name) => settings(`http://${bracketed(name)}:${address().port}`, credentials),
    organizations: () => store.all(),
    assign: (role, users, organization) => assign(store, role, users, organization),
    connect: (organization, connection = {}) => connect(store, organization, connection),
    all: (kind) => objects[kind].all(),
    requests,
    fail: (fault) => faults.add(fault),
    tokens: () => tokens.all(),
    heal: () => faults.clear(),
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The provider calls a host that is not its own machine over plain HTTP only where a setting names it. */
function settings(url: string, { clientId, clientSecret }: Credentials): Readonly<Record<string, string>> {
  const { hostname } = new URL(url);
  return {
    SCALEKIT_ENVIRONMENT_URL: url,
    SCALEKIT_CLIENT_ID: clientId,
    SCALEKIT_CLIENT_SECRET: clientSecret,
    ...(isLoopback(hostname) ? {} : { SCALEKIT_INSECURE_HOSTS: hostname }),
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      EADDRINUSE: "something listens there already; choose another port, or 0 for any free one",
      EACCES: "ports below 1024 need special rights; choose a higher one, or 0 for any free one",
      EADDRNOTAVAIL: "this machine has no such address",
    };
    throw new Error(`cannot listen on ${host} port ${port}: ${reasons[code ?? ""] ?? message}`);
  }
}
