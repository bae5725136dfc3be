import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { StoredOrganization } from "../../src/emulator/index.ts";
import { connect, send } from "../support/plain-client.ts";

const main = resolve(import.meta.dirname, "../../dist/cli/main.js");

/** The command as its own process, which ends by itself or is ended in two minutes. */
function command(...options: string[]) {
  const child = spawn(process.execPath, [main, "emulator", ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 120_000,
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  const ended = once(child, "close").then(([code, signal]) => ({ code, signal, out, err }));
  return { process: child as ChildProcess, ended, out: () => out };
}

/** The command, listening. */
async function listening(...options: string[]) {
  const started = command("--json", ...options);
  onTestFinished(() => void started.process.kill("SIGKILL"));
  await Promise.race([once(started.process.stdout ?? started.process, "data"), started.ended]);
  if (!started.out()) throw new Error((await started.ended).err);
  const { url, environment } = JSON.parse(started.out());
  return { ...started, url: url as string, environment: environment as Record<string, string> };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-scalekit-emulator-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("nothing that was acknowledged is lost when it is killed, and nothing appears twice", async () => {
  const state = join(scratch(), "organizations.db");
  const acknowledged: string[] = [];
  let asked = 0;
  for (let round = 0; round < 4; round++) {
    const emulator = await listening("--state", state);
    const { call } = await connect(emulator.url);
    const enough = acknowledged.length + 25;
    const clients = Array.from({ length: 6 }, async () => {
      while (emulator.process.exitCode === null) {
        const name = `organization ${asked++}`;
        const { body } = await call("POST", "/organizations", { display_name: name, external_id: name });
        acknowledged.push(body.organization.id);
        if (acknowledged.length === enough) emulator.process.kill("SIGKILL");
      }
    });
    // Each client ends with the request that the kill came between.
    expect((await Promise.allSettled(clients)).map(({ status }) => status)).toEqual(Array(6).fill("rejected"));
    expect(await emulator.ended).toMatchObject({ signal: "SIGKILL" });
  }
  const after = await listening("--state", state);
  const stored: StoredOrganization[] = (await send(`${after.url}/_emulator/organizations`)).body;
  const ids = stored.map(({ id }) => id);
  const names = stored.map(({ external_id }) => external_id);
  expect(acknowledged.length).toBeGreaterThanOrEqual(100);
  expect(ids).toEqual(expect.arrayContaining(acknowledged));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(names).size).toBe(names.length);
  // What is there beyond that was under way, one request of each client's in each round at most.
  expect(ids.length - acknowledged.length).toBeLessThanOrEqual(4 * 6);
});

test.each(["SIGINT", "SIGTERM"] as const)("ends in order on %s, even while an answer is due", async (signal) => {
  const folder = scratch();
  const emulator = await listening("--state", join(folder, "organizations.db"));
  const { call, create } = await connect(emulator.url);
  await create({ display_name: "Kept" });
  const fault = { effect: { kind: "delay", milliseconds: 600_000 } };
  const headers = { "content-type": "application/json" };
  await fetch(`${emulator.url}/_emulator/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  const due = call("GET", "/organizations").catch((error: Error) => error);
  const met = async () => (await send(`${emulator.url}/_emulator/faults`)).body.length;
  await expect.poll(met, { interval: 5 }).toBe(0);
  emulator.process.kill(signal);
  expect(await emulator.ended).toMatchObject({ code: 0, signal: null, err: "" });
  expect(await due).toBeInstanceOf(Error);
  const again = await listening("--state", join(folder, "organizations.db"));
  expect((await send(`${again.url}/_emulator/organizations`)).body).toMatchObject([{ display_name: "Kept" }]);
});

test("says where it listens, and how to use it", async () => {
  const emulator = command();
  onTestFinished(() => void emulator.process.kill("SIGKILL"));
  await expect.poll(emulator.out).toContain("Ctrl-C ends it.");
  const url = /listens on (\S+)/.exec(emulator.out())?.[1];
  expect(emulator.out()).toContain(`export SCALEKIT_ENVIRONMENT_URL=${url}\n`);
  expect(emulator.out()).toContain("keeps organizations in memory");
  const json = await listening();
  expect(json.environment).toEqual({
    SCALEKIT_ENVIRONMENT_URL: json.url,
    SCALEKIT_CLIENT_ID: "emulator",
    SCALEKIT_CLIENT_SECRET: "emulator-secret",
  });
});

test("where it listens to others, the settings are those that the provider takes here, and it says what others do", async () => {
  const emulator = command("--host", "0.0.0.0", "--allow-host", "scalekit.example.com");
  onTestFinished(() => void emulator.process.kill("SIGKILL"));
  await expect.poll(emulator.out).toContain("Ctrl-C ends it.");
  const url = /listens on (\S+)/.exec(emulator.out())?.[1] ?? "";
  expect(emulator.out()).toContain(`export SCALEKIT_ENVIRONMENT_URL=${url}\n`);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(emulator.out()).toContain(
    `Others reach it on port ${new URL(url).port} of this machine's addresses (--host 0.0.0.0).`,
  );
  const { port } = new URL(url);
  const there = new RegExp(
    `export SCALEKIT_ENVIRONMENT_URL=http://(?!127)([\\w.-]+):${port}\\n[^]*export SCALEKIT_INSECURE_HOSTS=\\1\\n`,
  ).exec(emulator.out());
  expect(there, emulator.out()).not.toBeNull();
  expect(emulator.out()).toContain(`ssh -L ${url.slice("http://127.0.0.1:".length)}:127.0.0.1:`);
  const env = {
    ...process.env,
    SCALEKIT_ENVIRONMENT_URL: url,
    SCALEKIT_CLIENT_ID: "emulator",
    SCALEKIT_CLIENT_SECRET: "emulator-secret",
  };
  const checked = spawnSync(process.execPath, [main, "doctor", "--json"], { env, cwd: scratch(), encoding: "utf8" });
  const statuses = JSON.parse(checked.stdout).checks.map(({ name, status }: { name: string; status: string }) => [
    name,
    status,
  ]);
  expect(Object.fromEntries(statuses)).toMatchObject({ settings: "ok", credentials: "ok", reading: "ok" });
});

test("at another address of this machine's, the settings are those that the provider takes", async (context) => {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const outer = addresses.find(({ internal, family }) => !internal && family === "IPv4")?.address;
  if (outer === undefined) return context.skip("this machine has no other address");
  const emulator = command("--host", outer);
  onTestFinished(() => void emulator.process.kill("SIGKILL"));
  await expect.poll(emulator.out).toContain("Ctrl-C ends it.");
  expect(emulator.out()).toMatch(
    new RegExp(`export SCALEKIT_ENVIRONMENT_URL=http://${outer}:\\d+\\n[^]*export SCALEKIT_INSECURE_HOSTS=${outer}\\n`),
  );
});

test("begins with a seed and plays by the switches it is given", async () => {
  const file = join(scratch(), "seed.json");
  writeFileSync(file, '[{ "id": "org_1", "display_name": "Megasoft", "metadata": { "tier": "gold" } }]');
  const emulator = await listening("--seed", file, "--semantics", '{"metadata":"merge"}');
  const { call } = await connect(emulator.url);
  const { body } = await call("PATCH", "/organizations/org_1", { metadata: { plan: "annual" } });
  expect(body.organization).toMatchObject({ display_name: "Megasoft", metadata: { tier: "gold", plan: "annual" } });
});

test("plays by the switches in a file: alone, or as the probe has written them", async () => {
  for (const written of [{ metadata: "merge" }, { probed: {}, semantics: { metadata: "merge" }, answers: [] }]) {
    const file = join(scratch(), "semantics.json");
    writeFileSync(file, JSON.stringify(written));
    const emulator = await listening("--semantics", file);
    const { call, create } = await connect(emulator.url);
    const { id } = await create({ display_name: "X", metadata: { tier: "gold" } });
    const { body } = await call("PATCH", `/organizations/${id}`, { metadata: { plan: "annual" } });
    expect(body.organization.metadata).toEqual({ tier: "gold", plan: "annual" });
  }
});

test.concurrent("explains itself", async () => {
  const { code, out } = await command("--help").ended;
  expect(code).toBe(0);
  for (const option of ["--port", "--host", "--state", "--seed", "--semantics", "--json"]) {
    expect(out).toContain(`  ${option}`);
    expect(out.split("Examples:")[1]).toMatch(option === "--host" ? /./ : option);
  }
});

/** What the command answers to a mistake: nothing on stdout, one line of reason, exit code 1. */
async function refused(...options: string[]): Promise<string> {
  const { code, out, err } = await command(...options).ended;
  expect({ code, out }, err).toEqual({ code: 1, out: "" });
  expect(err).not.toMatch(/\n\s+at /);
  return err;
}

test("a port that is taken is reported in one line", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  expect(await refused("--port", String(port))).toBe(
    `pulumi-scalekit: cannot listen on 127.0.0.1 port ${port}: something listens there already; choose another port, or 0 for any free one\n`,
  );
});

test("a port that needs special rights is reported in one line", async (context) => {
  const allowed = await new Promise<boolean>((done) => {
    const probe = createServer().listen(1, "127.0.0.1", () => probe.close(() => done(true)));
    probe.on("error", () => done(false));
  });
  if (allowed) context.skip("this user may listen on any port");
  expect(await refused("--port", "1")).toBe(
    "pulumi-scalekit: cannot listen on 127.0.0.1 port 1: ports below 1024 need special rights; choose a higher one, or 0 for any free one\n",
  );
});

test.concurrent("an address that is not this machine's is reported in one line", async () => {
  expect(await refused("--host", "192.0.2.1")).toBe(
    "pulumi-scalekit: cannot listen on 192.0.2.1 port 0: this machine has no such address\n",
  );
});

test.concurrent.each<[string[], string]>([
  [["--port", "70000"], "a port is 0 to 65535"],
  [["--port", "http"], "a port is 0 to 65535"],
  [["--port", ""], "a port is 0 to 65535"],
  [["--semantics", "{merge}"], "that is not JSON"],
  [["--semantics", "null"], "semantics: "],
  [["--semantics", '{"metdata":"merge"}'], "there is no metdata; there is metadata, emptyMetadata"],
  [["--semantics", '{"metadata":"mrege"}'], 'semantics.metadata: Invalid option: expected one of "replace"|"merge"'],
  [["--semantics", "/nonexistent/s.json"], "the semantics file /nonexistent/s.json cannot be used: ENOENT"],
  [
    ["--semantics", join(import.meta.dirname, "../fixtures/page.json")],
    "page.json cannot be used: semantics: there is no next_page_token",
  ],
  [["--seed", "/nonexistent/seed.json"], "the seed file /nonexistent/seed.json cannot be used: ENOENT"],
  [["--state", "/nonexistent/state.db"], "the state file /nonexistent/state.db cannot be used: it cannot be opened"],
  [["--state", ""], 'the state file "" cannot be used: it has no name'],
  [["--seed", ""], 'the seed file "" cannot be used: ENOENT'],
  [["--sate", "x"], "unknown option '--sate'"],
])("a mistake is reported, and ends with 1: %j", async (options, message) => {
  expect(await refused(...options)).toContain(message);
});

test("a seed with a mistake is reported by its file and place", async () => {
  const file = join(scratch(), "seed.json");
  writeFileSync(file, '[{ "display_name": "X" }, { "display_name": "" }]');
  expect(await refused("--seed", file)).toBe(
    `pulumi-scalekit: the seed file ${file} cannot be used: [1]: display_name: value length must be at least 1 characters\n`,
  );
});

test("a second one on the same state file is refused while the first goes on", async () => {
  const state = join(scratch(), "organizations.db");
  const first = await listening("--state", state);
  expect(await refused("--state", state)).toBe(
    `pulumi-scalekit: the state file ${state} cannot be used: another emulator has it open; end that one, or name another file\n`,
  );
  expect((await fetch(`${first.url}/_emulator/organizations`)).status).toBe(200);
});
