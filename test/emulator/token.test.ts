import { expect, test } from "vitest";
import { begin, send } from "../support/plain-client.ts";

const grant = { grant_type: "client_credentials", client_id: "emulator", client_secret: "emulator-secret" };

async function ask(url: string, form: Record<string, string>) {
  return send(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
}

test("gives a token to the right credentials", async () => {
  const { emulator } = await begin();
  const { status, body, headers } = await ask(emulator.url, grant);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^\S{20,}$/),
    token_type: "Bearer",
    expires_in: 86_399,
    scope: "openid",
  });
  expect(headers.get("cache-control")).toBe("no-store");
});

test.each([
  ["a wrong secret", { ...grant, client_secret: "wrong" }, 401, "invalid_client"],
  ["a wrong id", { ...grant, client_id: "wrong" }, 401, "invalid_client"],
  ["another grant", { ...grant, grant_type: "password" }, 400, "unsupported_grant_type"],
  ["no grant", { client_id: "emulator" }, 400, "invalid_request"],
])("gives none to %s", async (_, form, status, error) => {
  const { emulator } = await begin();
  const answer = await ask(emulator.url, form);
  expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } });
  expect(JSON.stringify(answer.body)).not.toContain(grant.client_secret);
});

test("takes the credentials it was given", async () => {
  const { emulator, call } = await begin({ credentials: { clientId: "mine", clientSecret: "s3cret" } });
  expect(await call("GET", "/organizations")).toMatchObject({ status: 200 });
  expect(await ask(emulator.url, grant)).toMatchObject({ status: 401 });
  expect(emulator.environment).toEqual({
    SCALEKIT_ENVIRONMENT_URL: emulator.url,
    SCALEKIT_CLIENT_ID: "mine",
    SCALEKIT_CLIENT_SECRET: "s3cret",
  });
});

test("a token lasts as long as it says and no millisecond longer", async () => {
  let time = Date.parse("2026-01-01T00:00:00Z");
  const { call } = await begin({ tokenLifetime: 60, now: () => time });
  time += 59_999;
  expect(await call("GET", "/organizations")).toMatchObject({ status: 200 });
  time += 1;
  expect(await call("GET", "/organizations")).toMatchObject({
    status: 401,
    body: { code: 16, message: "Token expired or unknown" },
  });
});

test.each([
  ["no header", undefined, "Token empty"],
  ["another scheme", "Basic ZW11bGF0b3I6", "Token empty"],
  ["a token of no one's", "Bearer made-up", "Token expired or unknown"],
])("demands a token: %s", async (_, authorization, message) => {
  const { emulator } = await begin();
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const answer = await send(`${emulator.url}/api/v1/organizations`, { headers });
  expect(answer).toMatchObject({
    status: 401,
    body: { code: 16, message, details: [{ error_code: "UNAUTHENTICATED" }] },
  });
});
