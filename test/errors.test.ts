import { inspect } from "node:util";
import { describe, expect, test, vi } from "vitest";
import {
  type ApiAnswer,
  ApiError,
  ConfigurationError,
  type Effort,
  isApiError,
  isScalekitError,
  isTransportError,
  isUnexpectedAnswerError,
  mayHaveActed,
  type Operation,
  ScalekitError,
  TransportError,
  UnexpectedAnswerError,
} from "../src/errors.ts";

const get: Operation = { what: "read organization org_1", method: "GET", path: "/api/v1/organizations/org_1" };
const post: Operation = { what: "create the organization", method: "POST", path: "/api/v1/organizations" };
const token: Operation = { what: "get an access token", method: "POST", path: "/oauth/token", harmless: true };

const answer = (status: number): ApiAnswer => ({
  status,
  code: "CODE",
  grpcCode: 13,
  reason: "no",
  requestId: "req_1",
  violations: [],
});
const twice: Effort = { attempts: 2, spent: 1500, unsure: false };

describe("whether the server may have acted", () => {
  test.each<[string, unknown, boolean]>([
    ["400", new ApiError(post, answer(400)), false],
    ["408", new ApiError(post, answer(408)), true],
    ["409", new ApiError(post, answer(409)), false],
    ["429", new ApiError(post, answer(429)), false],
    ["500", new ApiError(post, answer(500)), true],
    ["504", new ApiError(post, answer(504)), true],
    ["500 of a GET", new ApiError(get, answer(500)), false],
    ["500 of the token endpoint", new ApiError(token, answer(500)), false],
    ["403 after an attempt that is unknown", new ApiError(post, answer(403), { ...twice, unsure: true }), true],
    ["a lost answer", new TransportError(post, "lost", true), true],
    ["a request that never left", new TransportError(post, "refused", false), false],
    [
      "one that never left after one that may have",
      new TransportError(post, "refused", false, undefined, { ...twice, unsure: true }),
      true,
    ],
    ["a lost answer to a GET", new TransportError(get, "lost", true), false],
    ["a lost token", new TransportError(token, "lost", true), false],
    ["success with garbage", new UnexpectedAnswerError(post, "it is not JSON"), true],
    ["success of a GET with garbage", new UnexpectedAnswerError(get, "it is not JSON"), false],
    ["missing settings", new ConfigurationError("no"), false],
    ["400 that is not the API's own", new ApiError(post, { ...answer(400), grpcCode: undefined }), true],
    ["404 that is not the API's own", new ApiError(post, { ...answer(404), grpcCode: undefined }), true],
    ["such a 404 of a GET", new ApiError(get, { ...answer(404), grpcCode: undefined }), false],
    ["429 of whoever", new ApiError(post, { ...answer(429), grpcCode: undefined }), false],
    ["401 of whoever", new ApiError(post, { ...answer(401), grpcCode: undefined }), false],
    ["a redirect", new ApiError(post, { ...answer(307), grpcCode: undefined }), false],
    ["any other error", new Error("no"), false],
    ["nothing", undefined, false],
  ])("%s", (_, error, expected) => {
    expect(mayHaveActed(error)).toBe(expected);
    // The message and the answer to the question never part.
    if (error instanceof Error) expect(error.message.includes("may have acted")).toBe(expected);
  });
});

describe("messages", () => {
  test("tell what was tried, what came back, where, and what to do", () => {
    expect(new ApiError(post, answer(500)).message).toBe(
      "Could not create the organization: Scalekit answered 500 CODE: no (POST /api/v1/organizations, request req_1). " +
        "Scalekit may have acted on the request anyway. " +
        "Run the command again; if it keeps failing, ask Scalekit with the request id.",
    );
  });

  test("name the permissions that a refused request takes, where they are known", () => {
    const needs = ["organizations:read", "organizations:write", "organizations:delete"];
    expect(new ApiError({ ...post, needs }, answer(403)).message).toMatch(
      /Check that the API client has the organizations:read, organizations:write and organizations:delete permissions\.$/,
    );
    expect(new ApiError(token, answer(403)).message).toMatch(/Check what the API client is permitted to do\.$/);
  });

  test("list each rule that was broken", () => {
    const violations = [
      { field: "organization.display_name", description: "is too long" },
      { field: "organization.metadata", description: "has too many pairs" },
    ];
    expect(new ApiError(post, { ...answer(400), violations }).message).toContain(
      "no [organization.display_name: is too long; organization.metadata: has too many pairs] (POST",
    );
  });

  test("tell of more than one attempt, and not of one", () => {
    expect(new ApiError(get, answer(503), { ...twice, attempts: 6, spent: 15_432 }).message).toContain(
      "That was the last of 6 attempts in 15 s.",
    );
    expect(new ApiError(get, answer(503), { ...twice, attempts: 1 }).message).not.toContain("attempt");
    expect(new TransportError(get, "refused", false, undefined, twice).message).toContain("of 2 attempts in 2 s.");
  });

  test("tell that time ran out, whose wish the wait was, and how to give it more", () => {
    const ranOut = { budget: 300_000 };
    expect(new ApiError(get, answer(429), { attempts: 14, spent: 299_000, unsure: false, ranOut }).message).toContain(
      "Gave up after 299 s and 14 attempts: one operation may take 300 s; raise scalekit:operationTimeout",
    );
    const asked = { ...ranOut, asked: 3_600_000 };
    expect(new ApiError(get, answer(429), { attempts: 1, spent: 20, unsure: false, ranOut: asked }).message).toContain(
      "Gave up after 0 s and 1 attempt because Scalekit asked to wait 3600 s: one operation may take 300 s",
    );
  });

  test("carry the operation and the request id wherever there is one", () => {
    expect(new UnexpectedAnswerError(post, "it is not JSON", "req_1")).toMatchObject({
      operation: post,
      requestId: "req_1",
    });
    expect(new ApiError(post, answer(400))).toMatchObject({ operation: post, requestId: "req_1" });
    expect(new TransportError(post, "lost", true)).toMatchObject({ operation: post });
  });
});

describe("guards", () => {
  test("know an error by its brand, across two copies of the package", async () => {
    vi.resetModules();
    const copy = await import("../src/errors.ts");
    const error = new copy.ApiError(post, answer(500));
    expect(error).not.toBeInstanceOf(ApiError);
    expect(isScalekitError(error) && isApiError(error) && mayHaveActed(error)).toBe(true);
    expect(isTransportError(error) || isUnexpectedAnswerError(error)).toBe(false);
  });

  test("take nothing else for one", () => {
    for (const other of [new Error("no"), undefined, null, "no", { name: "ApiError" }]) {
      expect(isScalekitError(other) || isApiError(other)).toBe(false);
    }
  });
});

test("an error that is logged shows nothing that hangs on the errors of an HTTP library", () => {
  const low = Object.assign(new Error("socket closed"), { socket: { token: "s3cret" }, code: "ECONNRESET" });
  const high = Object.assign(new Error("other side closed", { cause: low }), {
    name: "SocketError",
    headers: { authorization: "Bearer s3cret" },
    body: "client_secret=s3cret",
    data: Buffer.from("s3cret"),
  });
  const shown = inspect(new TransportError(post, "lost", true, high), { depth: 20, showHidden: true });
  expect(shown).not.toContain("s3cret");
  expect(shown).toContain("other side closed");
  expect(shown).toContain("ECONNRESET");
  // An error of the package's own is kept whole: it was made to be shown.
  const own = new ApiError(post, answer(409));
  expect(new ScalekitError("outer", { cause: own }).cause).toBe(own);
  expect("cause" in new ScalekitError("alone")).toBe(false);
});
