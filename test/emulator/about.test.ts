import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { readSettings } from "../../src/config/settings.ts";
import { startEmulator } from "../../src/emulator/index.ts";
import { begin, send } from "../support/plain-client.ts";

test("it says what it is, where its API is and how tests steer it, without a token", async () => {
  const { emulator } = await begin();
  const { status, body, headers } = await send(emulator.url);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  expect(body).toMatchObject({
    name: "Scalekit emulator",
    about: expect.stringContaining("pulumi-scalekit"),
    token: "/oauth/token",
    api: "/api/v1/organizations",
    health: "/healthz",
  });
  const named: string[] = body.control;
  for (const control of named) {
    const [method = "", path = ""] = control.split(" ");
    const answer = await send(emulator.url + path, {
      method,
      headers: { "content-type": "application/json" },
      ...(method === "POST" && { body: '{"effect":{"kind":"expiredToken"}}' }),
    });
    expect(answer.status, control).toBeLessThan(300);
  }
  expect(named).toContain("DELETE /_emulator/faults");
});

test("whether it lives is answered without a token, whatever goes wrong with the API", async () => {
  const { emulator } = await begin({ semantics: { rateLimit: { perMinute: 1 } } });
  emulator.fail({ path: "/", count: 9, effect: { kind: "status", status: 503 } });
  const before = emulator.requests.length;
  for (let asked = 0; asked < 3; asked++) {
    expect(await send(`${emulator.url}/healthz`)).toMatchObject({ status: 200, body: { status: "ok" } });
  }
  expect((await send(`${emulator.url}/healthz`, { method: "HEAD" })).status).toBe(200);
  expect(emulator.requests).toHaveLength(before);
});

test("tests in any language forget the faults that are still to come, and nothing else", async () => {
  const { emulator, call, create } = await begin();
  await create({ display_name: "Kept" });
  emulator.fail({ count: 9, effect: { kind: "status", status: 503 } });
  expect(await send(`${emulator.url}/_emulator/faults`, { method: "DELETE" })).toMatchObject({ status: 200, body: {} });
  expect((await call("GET", "/organizations")).status).toBe(200);
  expect(emulator.organizations()).toHaveLength(1);
});

test("the settings for another machine are those that the provider takes there", async () => {
  await using emulator = await startEmulator({ host: "0.0.0.0" });
  const { port } = new URL(emulator.url);
  const environment = emulator.environmentFor("emulator");
  expect(environment).toEqual({
    SCALEKIT_ENVIRONMENT_URL: `http://emulator:${port}`,
    SCALEKIT_CLIENT_ID: "emulator",
    SCALEKIT_CLIENT_SECRET: "emulator-secret",
    SCALEKIT_INSECURE_HOSTS: "emulator",
  });
  expect(readSettings({ get: () => undefined }, environment)).toMatchObject({
    environmentUrl: `http://emulator:${port}`,
  });
  for (const host of ["fd00::7", "[fd00::7]"]) {
    expect(emulator.environmentFor(host)).toMatchObject({
      SCALEKIT_ENVIRONMENT_URL: `http://[fd00::7]:${port}`,
      SCALEKIT_INSECURE_HOSTS: "[fd00::7]",
    });
  }
  expect(emulator.environmentFor("localhost")).not.toHaveProperty("SCALEKIT_INSECURE_HOSTS");
});

test("at an address of this machine's that is not its own alone, its settings are those that the provider takes", async (context) => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const host = addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address;
  if (host === undefined) return context.skip("this machine has no other address");
  await using emulator = await startEmulator({ host });
  expect(emulator.url).toContain(host);
  expect(readSettings({ get: () => undefined }, { ...emulator.environment })).toMatchObject({
    environmentUrl: emulator.url,
    insecureHosts: [host],
  });
});
