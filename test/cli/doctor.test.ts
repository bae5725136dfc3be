import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { startServer } from "../support/server.ts";
import { workplace } from "../support/workplace.ts";

describe("pulumi-scalekit doctor", () => {
  test("finds nothing wrong where nothing is, and writes nothing", async () => {
    const { run, emulator } = await workplace();
    const ended = await run("doctor");
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(ended.stdout.split("\n").map((line) => line.slice(0, 17).trimEnd())).toEqual([
      "ok    node",
      "ok    pulumi",
      "ok    settings",
      "ok    credentials",
      "ok    reading",
      "ok    clock",
      "",
    ]);
    expect(emulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /oauth/token",
      "GET /api/v1/organizations",
    ]);
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ["settings that are missing", { SCALEKIT_CLIENT_ID: "" }, "settings", /scalekit:clientId is missing/],
    ["credentials that are refused", { SCALEKIT_CLIENT_SECRET: "wrong" }, "credentials", /Check scalekit:clientId/],
    ["a server that is not there", { SCALEKIT_ENVIRONMENT_URL: "http://127.0.0.1:1" }, "connection", /Check the URL/],
    ["a CLI that is not on PATH", { PATH: "" }, "pulumi", /Install it/],
  ])("tells of %s, with exit code 1", async (_, settings, name, detail) => {
    const { run, env } = await workplace();
    Object.assign(env, settings);
    const { code, stdout } = await run("doctor", "--json");
    expect(code).toBe(1);
    const failed = JSON.parse(stdout).checks.filter(({ status }: { status: string }) => status === "fail");
    expect(failed).toEqual([{ name, status: "fail", detail: expect.stringMatching(detail) }]);
    expect(stdout).not.toContain("wrong");
  });

  test("tells of a client secret that is not marked as one, and works with it all the same", async () => {
    const { run, write, env, emulator, folder } = await workplace();
    await write("Pulumi.yaml", "name: app\nruntime: nodejs\n");
    const pulumi = (...args: string[]) => promisify(execFile)("pulumi", args, { cwd: folder, env });
    await pulumi("stack", "init", "test");
    const secret = emulator.credentials.clientSecret;
    await pulumi("config", "set", "scalekit:clientSecret", secret);
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /fail {2}settings .*plain text[\s\S]*pulumi config set --secret scalekit:clientSecret[\s\S]*rotate/,
    );
    expect(stdout).toMatch(/ok {4}credentials/);
    expect(stdout).not.toContain(secret);
    await pulumi("config", "set", "--secret", "scalekit:clientSecret", secret);
    expect((await run("doctor")).stdout).toMatch(/ok {4}settings/);
  });

  test("tells of credentials that may not read", async () => {
    const { run, emulator } = await workplace();
    emulator.fail({ method: "GET", effect: { kind: "status", status: 403 } });
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail {2}reading .*organizations:read/);
  });

  test.each([
    [0, "ok", /agrees with Scalekit's/, 0],
    [-60_000, "warn", /(59|60|61) s ahead of Scalekit's/, 0],
    [3_600_000, "fail", /(3599|3600|3601) s behind Scalekit's: set it by NTP/, 1],
  ])("compares this machine's clock with a server's that is %i ms ahead: %s", async (ahead, status, detail, code) => {
    const { run, env } = await workplace();
    const token = { access_token: "token", expires_in: 86_399 };
    const { url } = await startServer(({ path }) => ({
      json: path === "/oauth/token" ? token : { organizations: [] },
      headers: { date: new Date(Date.now() + ahead).toUTCString() },
    }));
    env["SCALEKIT_ENVIRONMENT_URL"] = url;
    const ended = await run("doctor", "--json");
    expect(ended.code).toBe(code);
    const clock = JSON.parse(ended.stdout).checks.find(({ name }: { name: string }) => name === "clock");
    expect(clock).toMatchObject({ status, detail: expect.stringMatching(detail) });
  });

  test("names the proxy without its password", async () => {
    const { run, env } = await workplace();
    env["SCALEKIT_ENVIRONMENT_URL"] = "https://scalekit.invalid";
    env["HTTPS_PROXY"] = "http://user:s3cret@127.0.0.1:1";
    env["NO_PROXY"] = "intranet.example.com";
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(/ok {4}proxy {8}127\.0\.0\.1:1, except for intranet\.example\.com\nfail {2}connection/);
    expect(stdout).not.toContain("s3cret");
  });

  test("tells of a project that does not have the package", async () => {
    const { run, write } = await workplace();
    await write("Pulumi.yaml", "name: app\nruntime: nodejs\n");
    expect((await run("doctor")).stdout).toMatch(/fail {2}package .*npm install pulumi-scalekit @pulumi\/pulumi/);
  });
});
