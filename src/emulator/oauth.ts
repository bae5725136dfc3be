import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { bytesOf } from "./body.ts";
import type { Credentials } from "./options.ts";
import { StatusError } from "./status.ts";

/** The token endpoint of OAuth 2.0 client credentials (RFC 6749 §4.4), and the tokens it gave. */
export type TokenService = ReturnType<typeof tokenService>;

/**
 * @param lifetime seconds that a token lasts
 * @param lifetimeFor seconds for an organization's own API client, if the secret is one of its
 */
export function tokenService(
  credentials: Credentials,
  lifetime: number,
  now: () => number = Date.now,
  lifetimeFor: (clientId: string, secret: string) => number | undefined = () => undefined,
) {
  const given = new Map<string, number>();
  const ever: string[] = [];
  const app = new Hono();

  app.post("/oauth/token", async (c) => {
    const form = new URLSearchParams(new TextDecoder().decode(await bytesOf(c)));
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
    // An organization's API client gets tokens for the API of whoever uses Scalekit, and none for Scalekit's own.
    const others = lifetimeFor(form.get("client_id") ?? "", form.get("client_secret") ?? "");
    if (others !== undefined) return c.json({ ...granted(newToken()), expires_in: others });
    if (form.get("client_id") !== credentials.clientId || form.get("client_secret") !== credentials.clientSecret) {
      return c.json({ error: "invalid_client", error_description: "client authentication failed" }, 401);
    }
    const token = newToken();
    given.set(token, now() + lifetime * 1000);
    return c.json({ ...granted(token), expires_in: lifetime });
  });

  function newToken(): string {
    const token = `emu_${randomBytes(24).toString("base64url")}`;
    ever.push(token);
    return token;
  }

  /** Throws what the API answers to a request without a good token. */
  function requireToken(authorization: string | undefined): void {
    const token = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
    if (token === undefined) throw new StatusError(401, "UNAUTHENTICATED", "Token empty");
    const until = given.get(token);
    if (until === undefined || until <= now())
      throw new StatusError(401, "UNAUTHENTICATED", "Token expired or unknown");
  }

  return { routes: app, requireToken, expireAll: () => given.clear(), all: () => [...ever] };
}

const granted = (token: string) => ({ access_token: token, token_type: "Bearer", scope: "openid" });
