import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { text as read } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { problemWithUrl } from "../../src/config/environment-url.ts";
import type { EmulatorOptions } from "../../src/emulator/index.ts";
import { begin, send } from "../support/plain-client.ts";

/** A request with just these headers, as no fetch would send it. */
async function ask(url: string, method: string, path: string, headers: OutgoingHttpHeaders, text?: string) {
  const body = method === "POST" ? text : undefined;
  const asked = request(new URL(path, url), { method, headers: { host: new URL(url).host, ...headers } }).end(body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await read(answer) };
}

const kept = [{ display_name: "Kept" }];
const json = { "content-type": "application/json" };

/** An emulator with an organization beyond its seed, which a reset would take away, and a fault that waits. */
async function begun(options: EmulatorOptions = {}) {
  const { emulator, create, authorization } = await begin({ seed: kept, ...options });
  await create({ display_name: "Precious" });
  emulator.fail({ effect: { kind: "status", status: 503 } });
  const before = emulator.requests.length;
  return {
    ...emulator,
    authorization,
    port: new URL(emulator.url).port,
    /** Nothing was reset, no fault befell, nothing was logged. */
    async expectUntouched() {
      expect(emulator.organizations().map(({ display_name }) => display_name)).toEqual(["Kept", "Precious"]);
      expect((await send(`${emulator.url}/_emulator/faults`)).body).toHaveLength(1);
      expect(emulator.requests).toHaveLength(before);
    },
  };
}

const everywhere = [
  ["POST", "/_emulator/reset"],
  ["POST", "/_emulator/faults"],
  ["GET", "/_emulator/organizations"],
  ["GET", "/_emulator/requests"],
  ["DELETE", "/_emulator/faults"],
  ["GET", "/"],
  ["GET", "/healthz"],
  ["OPTIONS", "/_emulator/reset"],
  ["POST", "/oauth/token"],
  ["GET", "/api/v1/organizations"],
  ["POST", "/api/v1/organizations"],
  ["DELETE", "/api/v1/organizations/org_1"],
  ["GET", "/nonsense"],
] as const;

describe.each(everywhere)("%s %s", (method, path) => {
  test("is refused to a page of another site", async () => {
    const { url, port, authorization, expectUntouched } = await begun();
    for (const headers of [
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "http://evil.example:80", host: `localhost:${port}` },
      // Another program's page on this machine is another site's too.
      { origin: "http://127.0.0.1:3000" },
      { origin: `http://localhost:${port}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]) {
      const answer = await ask(url, method, path, { ...json, authorization, ...headers }, "{}");
      expect(answer, JSON.stringify(headers)).toMatchObject({
        status: 403,
        body: expect.stringContaining("no page of another site"),
      });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
    await expectUntouched();
  });

  test("is refused to a name that somebody had lead to this machine", async () => {
    const { url, port, authorization, expectUntouched } = await begun();
    for (const host of [
      `evil.example:${port}`,
      "evil.example",
      "127.0.0.1.evil.example",
      "evil",
      "[::2]",
      "10.0.0.1",
      "@",
      "",
    ]) {
      // To the browser it is one site.
      const headers = { ...json, authorization, host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
      expect((await ask(url, method, path, headers, "{}")).status, host).toBe(host === "@" ? 400 : 403);
    }
    await expectUntouched();
  });
});

test.each([
  "text/plain",
  "text/plain;charset=UTF-8",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/jsonp",
  undefined,
])("what steers the emulator is not taken as %s, which any page may send", async (type) => {
  const { url, expectUntouched } = await begun();
  const headers = type === undefined ? {} : { "content-type": type };
  for (const [path, body] of [
    ["/_emulator/reset", ""],
    ["/_emulator/faults", '{"effect":{"kind":"expiredToken"}}'],
  ] as const) {
    const answer = await ask(url, "POST", path, headers, body);
    expect(answer).toMatchObject({
      status: 415,
      body: expect.stringContaining("content-type: application/json, or x-scalekit-emulator: 1"),
    });
  }
  await expectUntouched();
});

test.each<OutgoingHttpHeaders>([
  { "content-type": "application/json" },
  { "content-type": "Application/JSON; charset=utf-8" },
  { "x-scalekit-emulator": "1" },
  { "content-type": "application/x-www-form-urlencoded", "x-scalekit-emulator": "1" },
])("tests in any language reset it with %j", async (headers) => {
  const { url, organizations } = await begun();
  expect(await ask(url, "POST", "/_emulator/reset", headers)).toMatchObject({ status: 200 });
  expect(organizations()).toMatchObject(kept);
});

test("it is called by any name of this machine, and by a page of its own", async () => {
  const { emulator } = await begin();
  const { port } = new URL(emulator.url);
  for (const name of ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]", "app.localhost"]) {
    // Where a port is brought over from another machine, it may be another there.
    for (const host of [name, `${name}:${port}`, `${name}:1`]) {
      const headers = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
      expect((await ask(emulator.url, "GET", "/_emulator/organizations", headers)).status, host).toBe(200);
    }
  }
});

test.each(["0.0.0.0", "::ffff:0.0.0.0"])(
  "where it listens to others too (%s), it is called by what no public DNS has, and by what is named",
  async (host) => {
    const { emulator } = await begin({ host, allowedHosts: ["scalekit.example.com", "proxy.example.com:8443"] });
    const status = async (name: string) =>
      (await ask(emulator.url, "GET", "/_emulator/organizations", { host: name })).status;
    for (const name of [
      "localhost:1",
      "10.1.2.3",
      "[fd00::1]:80",
      "emulator:8080",
      "host.docker.internal",
      "mac.local",
    ]) {
      expect(await status(name), name).toBe(200);
    }
    for (const name of ["scalekit.example.com", "SCALEKIT.example.com:8080", "proxy.example.com"]) {
      expect(await status(name), name).toBe(200);
    }
    for (const name of ["evil.example", "scalekit.example.com.evil.example", "10.1.2.3.evil.example"]) {
      expect(await status(name), name).toBe(403);
    }
    const reset = (headers: OutgoingHttpHeaders) =>
      ask(emulator.url, "POST", "/_emulator/reset", { ...json, ...headers });
    expect((await reset({ host: "10.1.2.3", origin: "http://evil.example" })).status).toBe(403);
    expect((await reset({ host: "scalekit.example.com", origin: "https://scalekit.example.com" })).status).toBe(200);
  },
);

test.each(["0.0.0.0", "::ffff:0.0.0.0", "::", "127.0.0.1", "127.1", "::ffff:127.0.0.1", "::1", "localhost"])(
  "its URL is one that the provider takes, and that works: --host %s",
  async (host) => {
    const begun = await begin({ host }).catch((error: Error) => error);
    // A machine may be without IPv6.
    if (begun instanceof Error) return expect(begun.message).toContain("cannot listen");
    const { emulator, create } = begun;
    expect(problemWithUrl(emulator.url)).toBeUndefined();
    expect(await create({ display_name: "There" })).toMatchObject({ display_name: "There" });
    expect(emulator.reachedByOthers).toBe(["0.0.0.0", "::ffff:0.0.0.0", "::"].includes(host));
  },
);
