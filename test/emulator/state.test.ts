import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.ts";
import { connect } from "../support/plain-client.ts";
import { repository } from "../support/stack.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-scalekit-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "organizations.db");
}

const seed = Array.from({ length: 50 }, (_, index) => ({
  display_name: `Organization ${index}`,
  metadata: { key: "x" },
}));

/** A state file with 50 organizations, closed in order. */
async function kept(): Promise<string> {
  const state = scratch();
  const emulator = await startEmulator({ state, seed });
  await emulator.close();
  return state;
}

test("organizations outlive the emulator, and their order too", async () => {
  const state = await kept();
  await using emulator = await startEmulator({ state });
  expect(emulator.organizations()).toMatchObject(seed);
});

test("a new file, an empty file and an unnamed one begin empty", async () => {
  const empty = scratch();
  writeFileSync(empty, "");
  for (const state of [scratch(), empty, undefined]) {
    await using emulator = await startEmulator({ state });
    expect(emulator.organizations()).toEqual([]);
  }
});

test("a file from before there was a mark in its header is taken", async () => {
  const state = await kept();
  const database = new DatabaseSync(state);
  database.exec("DROP INDEX slugs; PRAGMA application_id = 0;");
  database.close();
  await using emulator = await startEmulator({ state });
  expect(emulator.organizations()).toMatchObject(seed);
});

test("a file from before there was anything but organizations is taken, with what every environment has", async () => {
  const state = await kept();
  const database = new DatabaseSync(state);
  database.exec("DROP TABLE things; PRAGMA user_version = 0;");
  database.close();
  const first = await startEmulator({ state });
  expect(first.organizations()).toMatchObject(seed);
  expect(first.all("roles").map(({ name }) => name)).toEqual(["admin", "member"]);
  const { call } = await connect(first.url);
  await call("DELETE", "/roles/member");
  await call("POST", "/permissions", { name: "read" });
  await first.close();
  await using second = await startEmulator({ state });
  expect(second.all("roles").map(({ name }) => name)).toEqual(["admin"]);
  expect(second.all("permissions").at(-1)).toMatchObject({ name: "read" });
});

test("two emulators never share a file, and the first goes on", async () => {
  const state = scratch();
  const first = await startEmulator({ state, seed });
  await expect(startEmulator({ state })).rejects.toThrow(
    `the state file ${state} cannot be used: another emulator has it open; end that one, or name another file`,
  );
  expect(first.organizations()).toHaveLength(50);
  await first.close();
  await using second = await startEmulator({ state });
  expect(second.organizations()).toHaveLength(50);
});

test.each<[what: string, spoil: (file: string) => void, message: string]>([
  ["text", (file) => writeFileSync(file, "organizations, one a line\n"), "not an emulator's state but something else"],
  ["one byte", (file) => writeFileSync(file, "{"), "not an emulator's state but something else"],
  ["noise", (file) => writeFileSync(file, Buffer.alloc(8192, 0xa5)), "not an emulator's state but something else"],
  ["another program's database", foreign, "the SQLite database of something else"],
  ["another program's mark", marked, "the SQLite database of something else"],
  ["half of a state file", (file) => truncateSync(file, readFileSync(file).length / 2), "it is damaged"],
  ["a page overwritten", overwritten, "it is damaged"],
])("%s is refused with its reason, and left as it is", async (_, spoil, message) => {
  const state = await kept();
  spoil(state);
  const before = readFileSync(state);
  const failure = startEmulator({ state });
  await expect(failure).rejects.toThrow(`the state file ${state} cannot be used: it is`);
  await expect(failure).rejects.toThrow(message);
  expect(readFileSync(state).equals(before)).toBe(true);
});

/** Who may do what with the state file and with what SQLite keeps beside it. */
const modes = (state: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dirname(state)).map((name) => [name, (statSync(join(dirname(state), name)).mode & 0o777).toString(8)]),
  );

test("nobody but the owner reads the state, nor what is kept beside it", async () => {
  const state = scratch();
  const first = await startEmulator({ state, seed });
  expect(modes(state)).toEqual({ "organizations.db": "600", "organizations.db-wal": "600" });
  await first.close();
  expect(modes(state)).toEqual({ "organizations.db": "600" });
});

test("a state that others could read, an empty file and what a killed emulator left are the owner's from then on", async () => {
  const [before, empty] = [await kept(), scratch()];
  writeFileSync(empty, "");
  const killed = spawnSync(process.execPath, ["-e", killedWhileWriting, before], { cwd: repository });
  expect(killed.signal).toBe("SIGKILL");
  chmodSync(before, 0o644);
  chmodSync(`${before}-wal`, 0o644);
  for (const state of [before, empty]) {
    await using emulator = await startEmulator({ state });
    expect(Object.values(modes(state))).toEqual(["600", "600"]);
    expect(emulator.organizations()).toHaveLength(state === before ? 51 : 0);
  }
});

const killedWhileWriting = `
  require("pulumi-scalekit/emulator").startEmulator({ state: process.argv[1] }).then(async ({ url }) => {
    const form = new URLSearchParams({ grant_type: "client_credentials", client_id: "emulator", client_secret: "emulator-secret" });
    const { access_token } = await (await fetch(url + "/oauth/token", { method: "POST", body: form })).json();
    const headers = { authorization: "Bearer " + access_token };
    await fetch(url + "/api/v1/organizations", { method: "POST", headers, body: '{"display_name":"X"}' });
    process.kill(process.pid, "SIGKILL");
  });`;

test("another program's database keeps its mode", async () => {
  const state = await kept();
  foreign(state);
  chmodSync(state, 0o644);
  await expect(startEmulator({ state })).rejects.toThrow("something else");
  expect(modes(state)).toEqual({ "organizations.db": "644" });
});

test.each<[what: string, put: (state: string) => void]>([
  ["a pipe", (state) => execFileSync("mkfifo", [state])],
  ["a link to a device", (state) => symlinkSync("/dev/null", state)],
])("%s is refused, and left as it is", async (_, put) => {
  const state = scratch();
  put(state);
  const before = lstatSync(state).mode;
  await expect(startEmulator({ state })).rejects.toThrow(
    `the state file ${state} cannot be used: it is a device, a pipe or a socket; name a file`,
  );
  expect(lstatSync(state).mode).toBe(before);
  expect(statSync("/dev/null").mode & 0o777).toBe(0o666);
});

test("a link leads to the state", async () => {
  const [state, link] = [await kept(), scratch()];
  symlinkSync(state, link);
  await using emulator = await startEmulator({ state: link });
  expect(emulator.organizations()).toHaveLength(50);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
});

test("a place where no file can be is refused with its reason", async () => {
  const state = scratch();
  mkdirSync(state);
  for (const file of [state, join(state, "none", "organizations.db")]) {
    await expect(startEmulator({ state: file })).rejects.toThrow(
      "it cannot be opened for writing; see that its folder",
    );
  }
});

test("a file that could not be used for want of a port is free again", async () => {
  const state = await kept();
  await using first = await startEmulator();
  const port = Number(new URL(first.url).port);
  await expect(startEmulator({ state, port })).rejects.toThrow(
    `cannot listen on 127.0.0.1 port ${port}: something listens there already; choose another port, or 0`,
  );
  await using second = await startEmulator({ state });
  expect(second.organizations()).toHaveLength(50);
});

function foreign(file: string): void {
  rmSync(file);
  const database = new DatabaseSync(file);
  database.exec("CREATE TABLE recipes (name TEXT)");
  database.close();
}

function marked(file: string): void {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA application_id = 1234");
  database.close();
}

function overwritten(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xff, 4096, 8192);
  writeFileSync(file, bytes);
}
