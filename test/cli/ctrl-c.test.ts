import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { repository } from "../support/stack.ts";
import { workplace } from "../support/workplace.ts";

/** Milliseconds. It takes none on a machine that does nothing else. */
const soon = 60_000;

test.each([
  ["export", []],
  ["import", ["CUST-1"]],
  ["drift", ["--state", "state.json"]],
  ["doctor", []],
  ["doctor", ["--verbose"]],
])("Ctrl-C ends %s soon, which waits for a 429's pause, and it leaves no file", async (name, args) => {
  const { folder, env, emulator, write } = await workplace();
  await write("state.json", JSON.stringify({ deployment: {} }));
  // Pulumi makes a home where it has none.
  const files = () => readdirSync(folder).filter((file) => file !== "home");
  const before = files();
  emulator.fail({ path: "/", count: 1000, effect: { kind: "status", status: 429, retryAfter: 250 } });
  const main = join(repository, "dist", "cli", "main.js");
  const run = spawn(process.execPath, [main, name, ...args], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const exited = once(run, "exit");
  while (emulator.requests.length === 0 && run.exitCode === null) await sleep(20);
  const began = Date.now();
  run.kill("SIGINT");
  await exited;
  expect(Date.now() - began).toBeLessThan(soon);
  expect(files()).toEqual(before);
});

test("Ctrl-C ends soon an emulator that owes somebody an answer", async () => {
  const { folder, env } = await workplace();
  const main = join(repository, "dist", "cli", "main.js");
  const run = spawn(process.execPath, [main, "emulator", "--json"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(run, "exit");
  const [line] = await once(run.stdout, "data");
  const { url } = JSON.parse(String(line));
  const fault = { path: "/", effect: { kind: "delay", milliseconds: 250_000 } };
  const headers = { "content-type": "application/json" };
  await fetch(`${url}/_emulator/faults`, { method: "POST", headers, body: JSON.stringify(fault) });
  const owed = fetch(`${url}/oauth/token`, { method: "POST" }).catch(() => {});
  await sleep(500);
  const began = Date.now();
  run.kill("SIGINT");
  await exited;
  expect(Date.now() - began).toBeLessThan(soon);
  await owed;
});
