import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../support/server.ts";
import { repository } from "../support/stack.ts";
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
      "ok    protection",
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

  test("tells of organizations that were to be replaced, as far as they are still there", async () => {
    const { run, env, folder, ids, write } = await workplace([{ display_name: "Old" }, { display_name: "Other" }]);
    const [old = "", other = ""] = ids;
    env["SCALEKIT_JOURNAL"] = folder;
    const lines = [
      { parked: old, kind: "Organization", resource: "k1" },
      { parked: "org_1", kind: "Organization", resource: "k2" },
      { parked: other, kind: "Organization", resource: "k3" },
      { parked: other, kind: "Organization", over: true },
    ];
    await write("0123.jsonl", lines.map((line) => `\n${JSON.stringify(line)}`).join(""));
    const { code, stdout } = await run("doctor", "--json");
    expect(code).toBe(0);
    const warnings = JSON.parse(stdout).checks.filter(({ status }: { status: string }) => status !== "ok");
    expect(warnings).toEqual([
      { name: "replacement", status: "warn", detail: expect.stringMatching(`^${old} should have been replaced`) },
    ]);
    expect(warnings[0].detail).toContain(`npx pulumi-scalekit import ${old}`);
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

  test("tells what plain HTTP to another machine means, where a setting allows it", async (context) => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const outer = addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address;
    if (outer === undefined) return context.skip("this machine has no other address");
    const { run, env, emulator } = await workplace([], { host: "0.0.0.0" });
    Object.assign(env, emulator.environmentFor(outer), { no_proxy: outer });
    const { code, stdout } = await run("doctor");
    expect(stdout).toMatch(/ok {4}reading/);
    expect(stdout).toContain(`warn  plain HTTP   scalekit:insecureHosts allows http:// to ${outer}:`);
    expect(code).toBe(0);
    const refused = { ...env, SCALEKIT_INSECURE_HOSTS: "" };
    Object.assign(env, refused);
    expect((await run("doctor")).stdout).toMatch(/fail {2}settings .*must begin with https:/s);
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

  test("advises no setting that it does not use itself, behind a proxy that refuses", async () => {
    const proxy = createServer((_, response) => void response.writeHead(502).end());
    proxy.on("connect", (_, socket) => void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"));
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    onTestFinished(() => void proxy.close());
    const { run, env } = await workplace();
    env["SCALEKIT_ENVIRONMENT_URL"] = "https://acme.scalekit.test";
    env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /fail {2}connection .*acme\.scalekit\.test could not be reached \(.*407.*Check the URL, the network and/,
    );
    expect(stdout).toMatch(/: the limit here is 5 s\./);
    expect(stdout).not.toMatch(/operationTimeout|OPERATION_TIMEOUT/);
  });

  test("advises no setting that it does not use itself, where it is asked to wait for longer than it does", async () => {
    const { run, emulator } = await workplace();
    emulator.fail({ path: "/oauth/token", count: 9, effect: { kind: "status", status: 429, retryAfter: 60 } });
    const { code, stdout } = await run("doctor");
    expect(code).toBe(1);
    expect(stdout).toMatch(/asked to wait 60 s/);
    expect(stdout).not.toMatch(/operationTimeout|OPERATION_TIMEOUT/);
  });

  test.each([
    ["Pulumi.yaml", "name: app\nruntime: nodejs\n"],
    ["Pulumi.yml", "name: app\nruntime: nodejs\n"],
    ["Pulumi.json", '{"name":"app","runtime":"nodejs"}'],
  ])("tells of a project that does not have the package, by its %s", async (file, project) => {
    const { run, write } = await workplace();
    await write(file, project);
    expect((await run("doctor")).stdout).toMatch(/fail {2}package .*npm install pulumi-scalekit @pulumi\/pulumi/);
  });

  test.each<[string, string, string, RegExp | undefined]>([
    [
      "a program in YAML",
      `runtime: yaml\nplugins: { providers: [{ name: scalekit, path: PLUGIN }] }`,
      "ok",
      /^version \d/,
    ],
    [
      "a path to nothing",
      "runtime: { name: python }\nplugins: { providers: [{ name: scalekit, path: gone }] }",
      "fail",
      /npm install/,
    ],
    ["no path", "runtime: go", "warn", /names no plugin scalekit/],
    ["a package that was added", "runtime: yaml\npackages: { scalekit: ./plugin }", "ok", undefined],
    ["a project that nobody can read", "runtime: [", "fail", undefined],
  ])("looks for the native plugin where the project says it is: %s", async (_, project, status, detail) => {
    const { run, write } = await workplace();
    await write("Pulumi.yaml", `name: app\n${project.replace("PLUGIN", join(repository, "plugin"))}\n`);
    const { checks } = JSON.parse((await run("doctor", "--json")).stdout);
    const about = (name: string) => checks.filter((one: { name: string }) => one.name === name);
    expect(about("plugin")).toEqual(detail ? [{ name: "plugin", status, detail: expect.stringMatching(detail) }] : []);
    // What npm has to install is for programs in Node.js.
    expect(about("package")).toHaveLength(project.includes("[") && !project.includes("plugins") ? 1 : 0);
  });
});
