import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { StatusError } from "./status.ts";

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The token endpoint of OAuth 2.0 client credentials (RFC 6749 §4.4), and the tokens it gave. */
export type TokenService = ReturnType<typeof tokenService>;

/** @param lifetime seconds that a token lasts */
export function tokenService(credentials: Credentials, lifetime: number, now: () => number = Date.now) {
  const given = new Map<string, number>();
  const ever: string[] = [];
  const app = new Hono();

  app.post("/oauth/token", async (c) => {
    const form = new URLSearchParams(await c.req.text());
    c.header("cache-control", "no-store");
    if (!form.get("grant_type")) {
      return c.json({ error: "invalid_request", error_description: "grant_type is missing" }, 400);
    }
    if (form.get("grant_type") !== "client_credentials") {
      return c.json(
        { error: "unsupported_grant_type", error_description: "grant_type must be client_credentials" },
        400,
      );
    }
    if (form.get("client_id") !== credentials.clientId || form.get("client_secret") !== credentials.clientSecret) {
      return c.json({ error: "invalid_client", error_description: "client authentication failed" }, 401);
    }
    const token = `emu_${randomBytes(24).toString("base64url")}`;
    ever.push(token);
    given.set(token, now() + lifetime * 1000);
    return c.json({ access_token: token, token_type: "Bearer", expires_in: lifetime, scope: "openid" });
  });

  /** Throws what the API answers to a request without a good token. */
  function demand(authorization: string | undefined): void {
    const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new StatusError(401, "UNAUTHENTICATED", "Token empty");
    const until = given.get(token);
    if (until === undefined || until <= now())
      throw new StatusError(401, "UNAUTHENTICATED", "Token expired or unknown");
  }

  return { routes: app, demand, expireAll: () => given.clear(), all: () => [...ever] };
}
