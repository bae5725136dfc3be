import { inspect } from "node:util";
import { type Dispatcher, MockAgent } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { newClient } from "../../src/api/client.ts";
import { definitions } from "../../src/definitions/index.ts";
import { ApiError, mayHaveActed, TransportError, UnexpectedAnswerError } from "../../src/errors.ts";
import { fixture } from "../support/fixtures.ts";

const origin = "https://acme.scalekit.test";
const root = "/api/v1/organizations";
const id = "org_59615193906282635";

type Scripted = [
  method: string,
  path: string,
  status: number | Error,
  body?: unknown,
  headers?: Record<string, string>,
];

/** A client that is answered by `script`, line by line, and nothing else; and the waits that it asked for. */
function begin(script: Scripted[], options: { operationTimeout?: number } = {}) {
  const agent = new MockAgent();
  agent.disableNetConnect();
  const asked: { headers: Record<string, string>; body: string }[] = [];
  const pool = agent.get(origin);
  for (const [method, path, status, body = {}, headers = {}] of script) {
    const scripted = pool.intercept({
      method,
      path,
      headers: (all) => {
        seen = all;
        return true;
      },
      body: (text) => {
        said = text;
        return true;
      },
    });
    if (status instanceof Error) {
      scripted.replyWithError(status);
    } else {
      scripted.reply(() => {
        asked.push({ headers: seen, body: said });
        const data = typeof body === "string" ? body : JSON.stringify(body);
        return { statusCode: status, data, responseOptions: { headers } };
      });
    }
  }
  let seen: Record<string, string> = {};
  let said = "";
  const slept: number[] = [];
  let now = Date.UTC(2026, 0, 1);
  const clock = {
    now: () => now,
    random: () => 1,
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
  const credentials = { clientId: "skc_1", clientSecret: "cl1ent-s3cret" };
  const client = newClient({ environmentUrl: origin, ...credentials, dispatcher: leaving(agent), clock, ...options });
  onTestFinished(async () => {
    agent.assertNoPendingInterceptors();
    await client.close();
  });
  return {
    client,
    organizations: client.of(definitions.Organization),
    asked,
    slept,
    setTime: (time: number) => (now = time),
    time: () => now,
  };
}

/** An agent that lets a request leave before the connection is lost, as a real one does and MockAgent does not. */
const leaving = (agent: Dispatcher): Dispatcher =>
  agent.compose(
    (dispatch) => (options, handler) =>
      dispatch(options, {
        onRequestStart: (...start) => handler.onRequestStart?.(...start),
        onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
        onResponseData: (...answer) => handler.onResponseData?.(...answer),
        onResponseEnd: (...answer) => handler.onResponseEnd?.(...answer),
        onResponseError(controller, error) {
          if (Reflect.get(error, "code") !== "ECONNREFUSED") handler.onRequestStart?.(controller, {});
          handler.onResponseError?.(controller, error);
        },
      }),
  );

const token = (value = "t0ken-1"): Scripted => [
  "POST",
  "/oauth/token",
  200,
  { ...(fixture("token") as object), access_token: value },
];
const organization = fixture("organization");
const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });

describe("a call", () => {
  test("carries the token and JSON, and is answered with an organization", async () => {
    const { organizations, asked } = begin([token(), ["POST", root, 201, organization]]);
    expect(
      await organizations.create(undefined, { displayName: "Megasoft", metadata: { tier: "gold" } }),
    ).toMatchObject({ id });
    expect(asked[0]?.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded" });
    expect(asked[0]?.body).toContain("client_secret=cl1ent-s3cret");
    expect(asked[1]?.headers).toMatchObject({
      authorization: "Bearer t0ken-1",
      "content-type": "application/json",
      accept: "application/json",
    });
    expect(JSON.parse(asked[1]?.body ?? "")).toEqual({ display_name: "Megasoft", metadata: { tier: "gold" } });
  });

  test("is tried again after what passes, ever later", async () => {
    const path = `${root}/${id}`;
    const { organizations, slept } = begin([
      token(),
      ["GET", path, 503],
      ["GET", path, reset],
      ["GET", path, 502, "<html>", { "retry-after": "4" }],
      ["GET", path, 200, organization],
    ]);
    expect(await organizations.get(id)).toMatchObject({ id });
    expect(slept).toEqual([500, 1000, 4500]);
  });

  test("is given up after six attempts, and says so", async () => {
    const path = `${root}/${id}`;
    const { organizations } = begin([token(), ...Array.from({ length: 6 }, (): Scripted => ["GET", path, 503])]);
    await expect(organizations.get(id)).rejects.toThrow("That was the last of 6 attempts in 16 s.");
  });

  test("that creates is not sent twice where the first may have been acted on", async () => {
    for (const end of [500, 503, 408, reset] as const) {
      const { organizations, slept } = begin([token(), ["POST", root, end]]);
      const error = await organizations
        .create(undefined, { displayName: "Megasoft" })
        .catch((reason: unknown) => reason);
      expect(mayHaveActed(error)).toBe(true);
      expect(error).toHaveProperty("message", expect.stringContaining("may have acted"));
      expect(slept).toEqual([]);
    }
  });

  test("that creates is sent again where the first cannot have been acted on", async () => {
    const { organizations, slept } = begin([
      token(),
      ["POST", root, refused],
      ["POST", root, 429],
      ["POST", root, 201, organization],
    ]);
    expect(await organizations.create(undefined, { displayName: "Megasoft" })).toMatchObject({ id });
    expect(slept).toEqual([500, 500]);
  });

  test("does not forget a doubtful attempt over a clear one", async () => {
    const path = `${root}/${id}`;
    const { organizations } = begin([token(), ["DELETE", path, reset], ["DELETE", path, 403]]);
    const error = await organizations.remove(id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(mayHaveActed(error)).toBe(true);
  });
});

describe("the token", () => {
  test("is renewed once when it is refused, and the call is sent again", async () => {
    const { organizations, asked } = begin([
      token(),
      ["GET", `${root}/${id}`, 401, fixture("error-unauthenticated")],
      token("t0ken-2"),
      ["GET", `${root}/${id}`, 200, organization],
    ]);
    expect(await organizations.get(id)).toMatchObject({ id });
    expect(asked[3]?.headers).toMatchObject({ authorization: "Bearer t0ken-2" });
  });

  test("is not renewed again when the new one is refused as well", async () => {
    const unauthenticated: Scripted = ["POST", root, 401, fixture("error-unauthenticated")];
    const { organizations } = begin([token(), unauthenticated, token("t0ken-2"), unauthenticated]);
    const error = await organizations.create(undefined, { displayName: "Megasoft" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 401, code: "UNAUTHENTICATED", grpcCode: 16, reason: "Token empty" });
    expect(mayHaveActed(error)).toBe(false);
  });

  test("that is not given fails the call with the reason, and no call is sent", async () => {
    const refusal = { error: "invalid_client", error_description: "no client with secret cl1ent-s3cret" };
    const { organizations } = begin([["POST", "/oauth/token", 401, refusal]]);
    const error = await organizations.create(undefined, { displayName: "Megasoft" }).catch((reason: unknown) => reason);
    expect(error).toHaveProperty(
      "message",
      "Could not get an access token: Scalekit answered 401: no client with secret [hidden] (POST /oauth/token). " +
        "Check scalekit:clientId and scalekit:clientSecret, or SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET.",
    );
    expect(mayHaveActed(error)).toBe(false);
  });

  test("is asked for again after what passes, since it does no harm", async () => {
    const { client, slept } = begin([["POST", "/oauth/token", 503], ["POST", "/oauth/token", reset], token()]);
    await client.authenticate();
    expect(slept).toEqual([500, 1000]);
  });

  test("that comes as garbage is no token", async () => {
    const { client } = begin([["POST", "/oauth/token", 200, "<html>"]]);
    await expect(client.authenticate()).rejects.toThrow(UnexpectedAnswerError);
  });
});

describe("an error", () => {
  test("has what the API says of it", async () => {
    const { organizations } = begin([token(), ["POST", root, 400, fixture("error-validation")]]);
    const error = await organizations.create(undefined, { displayName: "Megasoft" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      status: 400,
      code: "INVALID_ARGUMENT",
      grpcCode: 3,
      requestId: "req_0123456789",
      violations: [{ field: "organization.display_name", description: "value length must be at most 200 characters" }],
    });
  });

  test("has the request id of the header where the body has none", async () => {
    const { organizations } = begin([token(), ["POST", root, 500, "oops", { "x-request-id": "req_9" }]]);
    await expect(organizations.create(undefined, { displayName: "M" })).rejects.toMatchObject({
      requestId: "req_9",
      reason: "no reason given",
    });
  });

  test("never shows what was sent, however the server quotes it", async () => {
    const sent = { displayName: 'Mega "soft" & Söhne', externalId: "CUST/12345", metadata: { tier: "g0ld-s3cret" } };
    const quotes = [
      sent.displayName,
      JSON.stringify(sent),
      encodeURIComponent(sent.externalId),
      "Bearer t0ken-1",
      "cl1ent-s3cret",
    ].join(" | ");
    const detail = {
      error_code: quotes,
      request_info: { request_id: quotes },
      validation_error_info: { field_violations: [{ field: quotes, description: quotes }] },
    };
    const { organizations } = begin([token(), ["POST", root, 400, { code: 3, message: quotes, details: [detail] }]]);
    const error = await organizations.create(undefined, sent).catch((reason: unknown) => reason);
    const shown = inspect(error, { depth: 20, showHidden: true });
    for (const secret of ["soft", "CUST", "12345", "g0ld", "t0ken-1", "cl1ent"]) expect(shown).not.toContain(secret);
    expect(shown).toContain("[hidden]");
  });

  test("of the network is reported without its belongings", async () => {
    const belongings = { headers: { authorization: "Bearer t0ken-1" }, body: "g0ld-s3cret" };
    const failure = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET", ...belongings });
    const { organizations } = begin([token(), ["POST", root, failure]]);
    const error = await organizations
      .create(undefined, { displayName: "g0ld-s3cret" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransportError);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/t0ken-1|g0ld/);
  });
});

describe("the server's time", () => {
  const date = (time: number) => ({ date: new Date(time).toUTCString() });
  const noon = Date.UTC(2026, 0, 1, 12);

  test("is this machine's until an answer tells", () => {
    const { client, time } = begin([]);
    expect(client.serverNow()).toBe(time());
  });

  test("is learnt from the date of an answer, and goes on by this machine's clock", async () => {
    const { client, setTime, time } = begin([["POST", "/oauth/token", 200, fixture("token"), date(noon)]]);
    await client.authenticate();
    expect(Math.abs(client.serverNow() - noon)).toBeLessThanOrEqual(1000);
    const before = client.serverNow();
    setTime(time() + 5000);
    expect(client.serverNow() - before).toBe(5000);
  });

  test("is not learnt from what is no date", async () => {
    const { client, time } = begin([["POST", "/oauth/token", 200, fixture("token"), { date: "noon" }]]);
    await client.authenticate();
    expect(client.serverNow()).toBe(time());
  });
});
