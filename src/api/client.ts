import type { Dispatcher } from "undici";
import { problemWithUrl } from "../config/environment-url.ts";
import type { Proxies } from "../config/proxy.ts";
import type { Definition } from "../definitions/definition.ts";
import { ConfigurationError } from "../errors.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Endpoints, endpointsOf } from "./endpoints.ts";
import { type Gate, noGate } from "./gate.ts";
import { newConnectionPool } from "./http.ts";
import { type Caps, capsOf } from "./rate-limiter.ts";
import { newStop, type Stop, stoppable } from "./stop.ts";
import { newTransport } from "./transport.ts";

export interface ClientOptions extends Partial<Caps> {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** @default none */
  readonly proxies?: Proxies;
  /** Hosts besides this machine to which plain HTTP is allowed. @default none */
  readonly insecureHosts?: readonly string[];
  /** @default a pool of kept-alive connections */
  readonly dispatcher?: Dispatcher;
  /** @default the system's clock and timers, and Math.random */
  readonly clock?: Clock;
  /** Milliseconds for one answer. @default 30,000 */
  readonly timeout?: number;
  /** Milliseconds for one operation with its retries and waits. @default 300,000 */
  readonly operationTimeout?: number;
  /** Whether `operationTimeout` is the caller's own, and no setting that a message may advise to raise. @default no */
  readonly isTimeoutFixed?: boolean;
  /** @default none: who makes a client is there for as long as it is */
  readonly gate?: Gate;
  /** @default none */
  readonly stop?: Stop;
  /** Tells the user what takes long. @default silent */
  readonly say?: (line: string) => void;
  /** Gets a line for each request. @default silent */
  readonly trace?: ((line: string) => void) | undefined;
}

/** Scalekit's API: one token, one pool of connections and one rate limit for the endpoints of every definition. */
export type Client = ReturnType<typeof newClient>;

export function newClient(options: ClientOptions) {
  const clock = options.clock ?? systemClock;
  const stop = options.stop ?? newStop();
  const problem = problemWithUrl(options.environmentUrl, options.insecureHosts);
  if (problem !== undefined) throw new ConfigurationError(`environmentUrl ${problem}.`);
  const dispatcher = options.dispatcher ?? newConnectionPool(options.environmentUrl, options.proxies);
  const transport = newTransport({
    ...options,
    dispatcher,
    clock,
    timeout: options.timeout ?? 30_000,
    operationTimeout: options.operationTimeout ?? 300_000,
    isTimeoutFixed: options.isTimeoutFixed ?? false,
    gate: options.gate ?? noGate,
    stop,
    say: options.say ?? (() => {}),
    trace: options.trace,
    ...capsOf(options),
  });

  const known = new Map<Definition, Endpoints>();

  /** The endpoints of a definition's remote objects. */
  function of(definition: Definition): Endpoints {
    const endpoints = known.get(definition) ?? endpointsOf(definition, transport);
    known.set(definition, endpoints);
    return endpoints;
  }

  return {
    of,
    authenticate: transport.authenticate,
    now: clock.now,
    sleep: stoppable(clock, stop).sleep,
    /** Milliseconds since 1970 by the server's clock, as far as known: see server-time.ts for how exact it is. */
    serverNow: transport.serverNow,
    close: () => dispatcher.close(),
  };
}
