import { describe, expect, test } from "vitest";
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

  test("tells of credentials that may not read", async () => {
    const { run, emulator } = await workplace();
    emulator.fail({ method: "GET", effect: { kind: "status", status: 403 } });
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail {2}reading .*organizations:read/);
  });

  test("tells of a project that does not have the package", async () => {
    const { run, write } = await workplace();
    await write("Pulumi.yaml", "name: app\nruntime: nodejs\n");
    expect((await run("doctor")).stdout).toMatch(/fail {2}package .*npm install pulumi-scalekit @pulumi\/pulumi/);
  });
});
