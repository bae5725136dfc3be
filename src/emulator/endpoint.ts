import { type Context, Hono } from "hono";
import { bodyOf } from "./body.ts";
import { type Body, type Message, read } from "./rules.ts";
import type { Semantics } from "./semantics.ts";
import type { Store } from "./store.ts";

/** An endpoint of the API as data: where it is, whose it is, what it takes and what it answers. */
export interface Endpoint<M extends Message = Message> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** As documented, with its parameters in braces. */
  readonly path: string;
  /** What the endpoint is about, by the name of the resource that uses it. */
  readonly resource: string;
  /** Rules of the path's parameters and of the query's. */
  readonly params?: Message;
  readonly query?: Message;
  readonly body?: M | ((semantics: Semantics) => M);
  /** What violations call the body. @default nothing, where the body is the whole request */
  readonly bodyName?: string;
  /** @default 200 */
  readonly status?: 200 | 201;
  /** Does the work. Nothing waits between a look at the store and a write. */
  readonly answer: (asked: AskedWith<M>) => object;
}

/** A request whose path and query have the form that its endpoint requires. */
export interface Asked {
  readonly store: Store;
  readonly semantics: Semantics;
  param(name: string): string;
  query(name: string): string | undefined;
}

/** A request with a valid body. */
export interface AskedWith<M extends Message> extends Asked {
  readonly body: Body<M>;
}

/** An endpoint whose body is known by its rules. */
export const endpoint = <M extends Message>(one: Endpoint<M>): Endpoint => one as unknown as Endpoint;

/** The endpoints as routes: parse, guard, then the endpoint's own work. */
export function routes(endpoints: readonly Endpoint[], store: Store, semantics: Semantics): Hono {
  const app = new Hono();
  for (const one of endpoints) {
    app.on(one.method, routeOf(one.path), async (c) => {
      const sent = one.body === undefined ? {} : await bodyOf(c);
      const asked = accessors(c, one.path);
      requireTexts(one.params, asked.param);
      requireTexts(one.query, (name) => c.req.query(name));
      const message = typeof one.body === "function" ? one.body(semantics) : one.body;
      const body = message === undefined ? {} : read(message, sent, one.bodyName ?? "");
      return c.json(one.answer({ store, semantics, body, ...asked }), one.status ?? 200);
    });
  }
  return app;
}

/** A parameter that a verb follows, as in `{id}:enable`, has the verb in its part of the path. */
const routeOf = (path: string): string =>
  path.replaceAll(/\{(\w+)\}(:\w+)?/g, (_, name, verb) => (verb ? `:${name}{[^/]+${verb}}` : `:${name}`));

const accessors = (c: Context, path: string) => ({
  param(name: string): string {
    const [, verb = ""] = new RegExp(`\\{${name}\\}(:\\w+)`).exec(path) ?? [];
    return (c.req.param(name) ?? "").slice(0, -verb.length || undefined);
  },
  query: (name: string) => c.req.query(name),
});

function requireTexts(rules: Message = {}, value: (name: string) => string | undefined): void {
  const given = Object.keys(rules).map((name) => [name, value(name)] as const);
  read(rules, Object.fromEntries(given.filter(([, text]) => text !== undefined)), "");
}
